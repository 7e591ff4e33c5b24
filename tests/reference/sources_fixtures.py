"""Makes small files of counts in the formats beside h5ad, after their public layouts.

    PYTHONPATH=... /usr/bin/python3 tests/reference/sources_fixtures.py      -> tests/fixtures/sources

Needs numpy, scipy, h5py; for Zarr also Debian's python3-zarr (2.13) and python3-numcodecs (0.11). Zarr v3 is written by plain
arithmetic, as its specification says, since that version of zarr does not know it.
"""
import gzip
import pathlib
import shutil
import zipfile

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


def mtx(csr, order, field="integer"):
    """Matrix Market of genes by cells, its entries in the given order (of the cell-by-cell one)."""
    coo = csr.tocoo()
    lines = [f"{gene + 1} {cell + 1} {value}" for cell, gene, value in zip(coo.row, coo.col, coo.data)]
    head = [f"%%MatrixMarket matrix coordinate {field} general", "%", f"{csr.shape[1]} {csr.shape[0]} {len(lines)}"]
    return "\n".join(head + [lines[i] for i in order]) + "\n"


def folder(name, files):
    path = OUT / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    for file, content in files.items():
        data = content.encode()
        (path / file).write_bytes(gzip.compress(data, mtime=0) if file.endswith(".gz") else data)


def zipped(name, files):
    """Deflated, with the same bytes at every run."""
    with zipfile.ZipFile(OUT / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            archive.writestr(zipfile.ZipInfo(file), data, zipfile.ZIP_DEFLATED if len(data) > 30 else zipfile.ZIP_STORED)


def market():
    lines = lambda rows: "".join("\t".join(row) + "\n" for row in rows)
    barcodes = "".join(f"AAACCTGA{i:04d}-1\n" for i in range(CELLS))
    small = counts(seed=2)
    shuffled = np.random.default_rng(3).permutation(small.nnz)
    halves = small.astype("f8") / 2
    folder("mtx-genes", {"matrix.mtx": mtx(halves, shuffled, "real"), "barcodes.tsv": barcodes, "genes.tsv": lines(zip(IDS, SYMBOLS)).replace("\n", "\r\n")})
    mixed = counts(11, seed=4)
    types = ["Gene Expression"] * 9 + ["Antibody Capture"] * 2
    features = lines(zip(IDS + ["CD3", "CD19"], SYMBOLS + ["CD3_TotalSeqB", "CD19_TotalSeqB"], types))
    raw = {"matrix.mtx": mtx(mixed, range(mixed.nnz)[:0]).replace(f" {mixed.nnz}\n", " 0\n"), "barcodes.tsv": barcodes, "features.tsv": features}
    files = {f"outs/raw_feature_bc_matrix/{name}": content for name, content in raw.items()}
    order = np.random.default_rng(5).permutation(mixed.nnz)
    filtered = {"GSM1_matrix.mtx": mtx(mixed, order), "GSM1_barcodes.tsv": barcodes, "GSM1_features.tsv.gz": gzip.compress(features.encode(), mtime=0)}
    zipped("mtx-raw-and-filtered.zip", files | {f"outs/filtered_feature_bc_matrix/{name[5:]}": content for name, content in filtered.items()})
    folder("mtx-sample", {name: gzip.decompress(c).decode() if isinstance(c, bytes) else c for name, c in filtered.items()})
    (OUT / "mtx-sample" / "GSM1_features.tsv.gz").write_bytes(filtered["GSM1_features.tsv.gz"])


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    hdf5()
    market()
