"""Dumps what h5py, scipy, zarr and plain arithmetic read from counts in the formats beside h5ad, as hashes that our reader is compared with.

    PYTHONPATH=... /usr/bin/python3 tests/reference/sources_expected.py      -> tests/fixtures/sources/expected.json

Reads tests/fixtures/sources and ../shared/data/sources. Needs what sources_fixtures.py needs. Hashes as in anndata_expected.py.
"""
import json
import pathlib

import h5py
import numpy as np
from scipy import sparse

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


if __name__ == "__main__":
    own, shared = hdf5()
    (OWN / "expected.json").write_text(json.dumps({"own": own, "shared": shared}, indent=1, sort_keys=True) + "\n")
