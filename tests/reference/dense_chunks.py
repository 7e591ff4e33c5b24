"""Makes an h5ad file with a dense X of counts in chunks of a given shape, to measure reading and to test it.

    /usr/bin/python3 tests/reference/dense_chunks.py OUT.h5ad CELLS GENES CHUNK_ROWS CHUNK_COLUMNS [MEAN]
    /usr/bin/python3 tests/reference/dense_chunks.py fixtures

A chunk of "0 0" is none (contiguous); gzip otherwise. The first genes are human symbols, so that a run goes through. MEAN counts a
place on average (0.3). "fixtures" makes tests/fixtures/choice/dense_*.h5ad, all of the same values, and dense-expected.json.
Seeded; Python 3.11, h5py 3.7.0, numpy 1.24.2.
"""
import json
import pathlib
import sys

import h5py
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
SYMBOLS = [line.split(",")[0] for line in (HERE.parent.parent / "src/data/human-genes.csv").read_text().splitlines()
           if not line.startswith(("#", "symbol,"))]


def frame(file, place, names):
    group = file.create_group(place)
    group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
    group.attrs["column-order"] = np.array([], dtype="f8")
    group.create_dataset("_index", data=np.array(names, dtype="S"))


def make(out, cells, genes, chunk_rows, chunk_columns, mean=0.3):
    random = np.random.default_rng(11)
    path = pathlib.Path(out)
    path.unlink(missing_ok=True)
    rates = random.gamma(0.3, mean / 0.3, genes)
    values = np.empty((cells, genes), dtype="f4")
    for start in range(0, cells, 2000):
        stop = min(cells, start + 2000)
        values[start:stop] = random.poisson(rates, (stop - start, genes))
    with h5py.File(path, "w", libver=("v110", "v110")) as file:
        file.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
        frame(file, "obs", [f"cell{i}" for i in range(cells)])
        frame(file, "var", (SYMBOLS + [f"gene{i}" for i in range(genes)])[:genes])
        packing = {} if chunk_rows == 0 else {"chunks": (chunk_rows, chunk_columns), "compression": "gzip"}
        file.create_dataset("X", data=values, **packing)
    return values


def fixtures():
    from anndata_expected import matrix_facts

    root = HERE.parent / "fixtures" / "choice"
    cells, genes = 60, 90
    for name, rows, columns in [("contiguous", 0, 0), ("by_cell", 1, genes), ("by_gene", cells, 1), ("square", 16, 16),
                                ("tall", 30, 7), ("wide", 4, 50), ("whole", cells, genes)]:
        values = make(root / f"dense_{name}.h5ad", cells, genes, rows, columns, mean=1.0)
    told = matrix_facts(values.astype("f8"))
    (HERE.parent / "fixtures" / "dense-expected.json").write_text(
        json.dumps({key: told[key] for key in ("shape", "nonzero", "sum", "sha")}, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "fixtures":
        fixtures()
    else:
        make(sys.argv[1], *map(int, sys.argv[2:6]), *map(float, sys.argv[6:7]))
