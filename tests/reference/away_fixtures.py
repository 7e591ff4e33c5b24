"""Writes the files of tests/fixtures/away that results are put into: python3 tests/reference/away_fixtures.py

Twelve cells each: obs as a table of records (anndata before 0.7), a CSC matrix with layers and nested uns, and a file that
begins with a user block of 512 bytes.
"""

from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
from scipy import sparse

folder = Path(__file__).parent.parent / "fixtures" / "away"
names = [f"cell{i}" for i in range(12)]
counts = (np.arange(12 * 5).reshape(12, 5) * 7 % 11 % 4).astype(np.float32)


def csc():
    data = anndata.AnnData(
        sparse.csc_matrix(counts),
        obs=pd.DataFrame({"kind": pd.Categorical(["a", "b", None] * 4), "n": np.arange(12)}, index=names),
        var=pd.DataFrame(index=[f"GENE{i}" for i in range(5)]),
        dtype=np.float32,
    )
    data.layers["twice"] = sparse.csr_matrix(counts * 2)
    data.obsm["X_pca"] = np.linspace(0, 1, 24).reshape(12, 2)
    data.obsp["near"] = sparse.csr_matrix(np.eye(12))
    data.uns["nested"] = {"text": "words", "numbers": np.arange(3), "deep": {"flag": True}}
    data.raw = data
    return data


def records():
    with h5py.File(folder / "records.h5ad", "w") as file:
        file["X"] = counts
        kinds = [(name.encode(), i % 3, i / 2) for i, name in enumerate(names)]
        file["obs"] = np.array(kinds, dtype=[("index", "S8"), ("kind", "i1"), ("score", "f4")])
        file["var"] = np.array([(f"GENE{i}".encode(),) for i in range(5)], dtype=[("index", "S8")])
        file["uns/kind_categories"] = np.array([b"a", b"b", b"c"])


folder.mkdir(exist_ok=True)
csc().write_h5ad(folder / "csc.h5ad", compression="gzip")
records()
with h5py.File(folder / "user-block.h5ad", "w", userblock_size=512) as file, h5py.File(folder / "csc.h5ad") as other:
    for key in other:
        other.copy(key, file)
    for key, value in other.attrs.items():
        file.attrs[key] = value
with open(folder / "user-block.h5ad", "r+b") as file:
    file.write(b"words of a user block".ljust(512, b"."))
