"""Dumps what h5py, scipy, zarr and plain arithmetic read from counts in the formats beside h5ad, as hashes that our reader is compared with.

    PYTHONPATH=... /usr/bin/python3 tests/reference/sources_expected.py      -> tests/fixtures/sources/expected.json

Reads tests/fixtures/sources and ../shared/data/sources. Needs what sources_fixtures.py needs. Hashes as in anndata_expected.py.
"""
import gzip
import io
import json
import pathlib
import zipfile

import h5py
import numpy as np
from scipy import sparse
from scipy.io import mmread

from anndata_expected import digest, matrix_facts, text_bytes

ROOT = pathlib.Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "fixtures" / "sources"
SHARED = ROOT.parent / "shared" / "data" / "sources"


def as_text(values):
    return [None if v is None else v.decode() if isinstance(v, bytes) else str(v) for v in values]


def names(values):
    return digest(text_bytes(as_text(values)))


def source(matrices, obs, var, columns):
    short = {name: {key: matrix_facts(m)[key] for key in ("shape", "nonzero", "sha")} for name, m in matrices.items()}
    return {"matrices": short, "obs": names(obs), "var": names(var), "columns": {name: names(c) for name, c in columns.items()}}


def tenx(path, group):
    """Genes alone; of Cell Ranger 2 those of one genome."""
    with h5py.File(path) as file:
        at = file[group]
        csr = sparse.csr_matrix((at["data"][()], at["indices"][()], at["indptr"][()]), shape=at["shape"][()][::-1])
        if "features" not in at:
            return source({"X": csr}, at["barcodes"], at["gene_names"], {"var/gene_ids": at["genes"]})
        table = {key: at[f"features/{key}"][()] for key in ("id", "name", "feature_type", "genome")}
        genes = table["feature_type"] == b"Gene Expression"
        columns = {"var/gene_ids": "id", "var/feature_types": "feature_type", "var/genome": "genome"}
        return source({"X": csr[:, genes]}, at["barcodes"], table["name"][genes], {c: table[key][genes] for c, key in columns.items()})


def hdf5():
    own = {"with-antibodies.h5": tenx(OWN / "with-antibodies.h5", "matrix"), "two-genomes.h5": tenx(OWN / "two-genomes.h5", "GRCh38")}
    shared = {name: tenx(SHARED / name, group) for name, group in (
        ("10x_v1/filtered_gene_bc_matrices_h5.h5", "hg19_chr21"), ("10x_v1/multiple_genomes.h5", "hg19_chr21"),
        ("10x_v3/filtered_feature_bc_matrix.h5", "matrix"))}
    return own, shared


def market(read, prefix="", genes=False):
    """read(name) gives a file's bytes, unpacked; None where it is not there."""
    csr = sparse.csr_matrix(mmread(io.BytesIO(read(f"{prefix}matrix.mtx"))).T)
    table = [line.split("\t") for line in read(f"{prefix}{'genes' if genes else 'features'}.tsv").decode().splitlines()]
    ids, symbols = [row[0] for row in table], [row[1] for row in table]
    kept = np.array([len(row) < 3 or row[2] == "Gene Expression" for row in table])
    columns = {"var/gene_ids": np.array(ids)[kept]}
    if not genes:
        columns["var/feature_types"] = np.array([row[2] for row in table])[kept]
    return source({"X": csr[:, kept]}, read(f"{prefix}barcodes.tsv").decode().splitlines(), np.array(symbols)[kept], columns)


def from_folder(path):
    def read(name):
        return (path / name).read_bytes() if (path / name).exists() else gzip.decompress((path / f"{name}.gz").read_bytes())
    return read


def from_zip(path, below):
    def read(name):
        with zipfile.ZipFile(path) as archive:
            packed = f"{below}{name}.gz"
            return gzip.decompress(archive.read(packed)) if packed in archive.namelist() else archive.read(f"{below}{name}")
    return read


def markets():
    own = {"mtx-genes": market(from_folder(OWN / "mtx-genes"), genes=True), "mtx-sample": market(from_folder(OWN / "mtx-sample"), "GSM1_"),
           "mtx-raw-and-filtered.zip": market(from_zip(OWN / "mtx-raw-and-filtered.zip", "outs/filtered_feature_bc_matrix/"))}
    shared = {"10x_v1/hg19_chr21": market(from_folder(SHARED / "10x_v1/hg19_chr21"), genes=True),
              "10x_v3/filtered_feature_bc_matrix": market(from_folder(SHARED / "10x_v3/filtered_feature_bc_matrix"))}
    return own, shared


if __name__ == "__main__":
    own, shared = {}, {}
    for more in (hdf5(), markets()):
        own.update(more[0])
        shared.update(more[1])
    (OWN / "expected.json").write_text(json.dumps({"own": own, "shared": shared}, indent=1, sort_keys=True) + "\n")
