"""Makes small files of counts in the formats beside h5ad, after their public layouts.

    PYTHONPATH=... /usr/bin/python3 tests/reference/sources_fixtures.py      -> tests/fixtures/sources

Needs numpy, scipy, h5py; for Zarr also Debian's python3-zarr (2.13) and python3-numcodecs (0.11). Zarr v3 is written by plain
arithmetic, as its specification says, since that version of zarr does not know it.
"""
import gzip
import pathlib
import shutil

import h5py
import numpy as np
from scipy import sparse

OUT = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "sources"
SYMBOLS = ["TP53", "CD4", "CD8A", "GAPDH", "ACTB", "MS4A1", "NKG7", "LYZ", "PPBP"]
IDS = [f"ENSG{i:011d}" for i in range(1, 10)]
CELLS = 12


def counts(n_genes=9, seed=0):
    """Cells by genes, about half of them zero."""
    rng = np.random.default_rng(seed)
    return sparse.csr_matrix(rng.poisson(0.9, (CELLS, n_genes)).astype("i4"))


def text(values):
    return np.array([value.encode() for value in values])


def tenx(path, groups):
    """Cell Ranger's HDF5: groups is {name: (csr, {dataset: values})}; paths with a slash go into groups of their own."""
    with h5py.File(path, "w") as file:
        for name, (csr, parts) in groups.items():
            for part, values in (("data", csr.data), ("indices", csr.indices.astype("i8")), ("indptr", csr.indptr.astype("i8"))):
                file.create_dataset(f"{name}/{part}", data=values, compression="gzip", chunks=(16,) if len(values) > 16 else None)
            file[f"{name}/shape"] = np.array(csr.shape[::-1], dtype="i4")
            file[f"{name}/barcodes"] = text([f"AAACCTGA{i:04d}-1" for i in range(csr.shape[0])])
            for part, values in parts.items():
                file[f"{name}/{part}"] = text(values)


def features(ids, names, types):
    return {"features/id": ids, "features/name": names, "features/feature_type": types,
            "features/genome": ["GRCh38" if kind == "Gene Expression" else "" for kind in types], "features/_all_tag_keys": ["genome"]}


def hdf5():
    mixed = counts(11)
    types = ["Gene Expression"] * 9 + ["Antibody Capture"] * 2
    tenx(OUT / "with-antibodies.h5", {"matrix": (mixed, features(IDS + ["CD3", "CD19"], SYMBOLS + ["CD3_TotalSeqB", "CD19_TotalSeqB"], types))})
    genes = {"genes": IDS, "gene_names": SYMBOLS}
    tenx(OUT / "two-genomes.h5", {"GRCh38": (counts(), genes), "mm10": (counts(seed=1), genes)})
    tenx(OUT / "unclear-genomes.h5", {"first": (counts(), genes), "second": (counts(seed=1), genes)})


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    hdf5()
