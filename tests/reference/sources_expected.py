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


def zarr_v2(path, below=""):
    """(array, attributes, keys) of a Zarr v2 store in a zip, by zarr-python."""
    import zarr

    root = zarr.open_group(zarr.ZipStore(path, mode="r"), path=below, mode="r")
    return lambda name: root[name][...], lambda name: dict(root[name].attrs) if name in root else {}, lambda name: list(root[name]) if name in root else []


def zarr_v3(path, below=""):
    """The same of Zarr v3, by plain arithmetic after its specification."""
    from numcodecs import Blosc, GZip, VLenUTF8, Zstd

    archive = zipfile.ZipFile(path)
    names = set(archive.namelist())
    packers = {"zstd": Zstd(), "gzip": GZip(), "blosc": Blosc()}

    def meta(name):
        at = f"{below}{name}/zarr.json"
        return json.loads(archive.read(at)) if at in names else None

    def decode(data, shape, dtype, codecs):
        shape, order = list(shape), None
        for codec in codecs:
            if codec["name"] == "transpose":
                order = codec["configuration"]["order"]
        for codec in reversed(codecs):
            if codec["name"] in packers:
                data = packers[codec["name"]].decode(data)
            elif codec["name"] == "crc32c":
                data = data[:-4]
            elif codec["name"] == "vlen-utf8":
                return VLenUTF8().decode(data).reshape(shape)
            elif codec["name"] == "bytes":
                endian = ">" if codec.get("configuration", {}).get("endian") == "big" else "<"
                stored = [shape[axis] for axis in order] if order else shape
                values = np.frombuffer(data, dtype=np.dtype(dtype).newbyteorder(endian)).reshape(stored)
                return (values.transpose(np.argsort(order)) if order else values).astype(dtype)
        raise ValueError(codecs)

    def array(name):
        info = meta(name)
        kind = info["data_type"]
        dtype = object if kind == "string" else np.dtype(f"<U{kind['configuration']['length_bytes'] // 4}") if isinstance(kind, dict) else np.dtype(kind)
        out = np.zeros(info["shape"], dtype=dtype)
        outer, codecs, separator = info["chunk_grid"]["configuration"]["chunk_shape"], info["codecs"], info["chunk_key_encoding"]["configuration"]["separator"]
        shards = codecs[0]["configuration"] if codecs[0]["name"] == "sharding_indexed" else None
        for place in np.ndindex(*[-(-n // m) for n, m in zip(out.shape, outer)]):
            key = f"{below}{name}/" + separator.join(["c", *map(str, place)])
            if key not in names:
                continue
            data = archive.read(key)
            inner = shards["chunk_shape"] if shards else outer
            per = [n // m for n, m in zip(outer, inner)]
            index = np.frombuffer(data[-16 * int(np.prod(per)) - 4:-4], dtype="<u8").reshape(*per, 2) if shards else None
            for part in np.ndindex(*per):
                offset, length = (int(n) for n in index[part]) if shards else (0, len(data))
                if offset == 2**64 - 1:
                    continue
                values = decode(data[offset:offset + length], inner, dtype, shards["codecs"] if shards else codecs)
                start = [p * n + i * m for p, n, i, m in zip(place, outer, part, inner)]
                room = tuple(slice(at, at + n) for at, n in zip(start, inner))
                into = out[room]
                into[...] = values[tuple(slice(0, n) for n in into.shape)]
        return out if out.shape else out[()]

    def keys(name):
        start = f"{below}{name}/" if name else below
        return sorted({n[len(start):].split("/")[0] for n in names if n.startswith(start) and n.endswith("/zarr.json") and n != f"{start}zarr.json"})

    return array, lambda name: (meta(name) or {}).get("attributes", {}), keys


def from_zarr(array, attributes, keys, columns=()):
    """AnnData of a store: matrices, names, and the columns that are named."""
    def matrix(name):
        told = attributes(name)
        if "shape" not in told:
            return array(name)
        make = {"csr_matrix": sparse.csr_matrix, "csc_matrix": sparse.csc_matrix}[told["encoding-type"]]
        return make(tuple(array(f"{name}/{part}") for part in ("data", "indices", "indptr")), shape=told["shape"])

    def column(name):
        told = attributes(name)
        if told.get("encoding-type") == "categorical":
            codes, categories = array(f"{name}/codes"), array(f"{name}/categories")
        elif "categories" in told:
            codes, categories = array(name), array(f"{name.rsplit('/', 1)[0]}/{told['categories']}")
        elif told.get("encoding-type") == "nullable-integer":
            return [None if missing else value for value, missing in zip(array(f"{name}/values"), array(f"{name}/mask"))]
        else:
            return array(name)
        return [None if code < 0 else categories[code] for code in codes]

    matrices = {name: matrix(name) for name in ["X", "raw/X"] if name.split("/")[0] in keys("") and (name == "X" or "X" in keys("raw"))}
    matrices |= {f"layers/{name}": matrix(f"layers/{name}") for name in keys("layers")}
    index = lambda table: array(f"{table}/{attributes(table)['_index']}")
    return source(matrices, index("obs"), index("var"), {name: column(name) for name in columns})


def zarrs():
    columns = ["obs/kind", "obs/note", "obs/few"]
    own = {"zarr-v2.zip": from_zarr(*zarr_v2(OWN / "zarr-v2.zip", "cells.zarr"), columns),
           "zarr-v3.zip": from_zarr(*zarr_v3(OWN / "zarr-v3.zip", "cells.zarr/"), columns)}
    shared = {"anndata_v0.7.0.zarr.zip": from_zarr(*zarr_v2(SHARED / "anndata_v0.7.0.zarr.zip"), ["obs/obs_cat", "obs/int64"]),
              "anndata_v0.11.4.zarr.zip": from_zarr(*zarr_v2(SHARED / "anndata_v0.11.4.zarr.zip")),
              "pbmc68k_reduced.zarr.zip": from_zarr(*zarr_v3(SHARED / "pbmc68k_reduced.zarr.zip"), ["obs/bulk_labels", "obs/phase"])}
    return own, shared


if __name__ == "__main__":
    own, shared = {}, {}
    for more in (hdf5(), markets(), zarrs()):
        own.update(more[0])
        shared.update(more[1])
    (OWN / "expected.json").write_text(json.dumps({"own": own, "shared": shared}, indent=1, sort_keys=True) + "\n")
