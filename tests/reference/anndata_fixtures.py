"""Makes the small h5ad files in tests/fixtures/anndata: every encoding of a matrix, a column and a layout, and faults.

    /usr/bin/python3 tests/reference/anndata_fixtures.py
    /usr/bin/python3 tests/reference/anndata_expected.py fixtures tests/fixtures/anndata

Made with Python 3.11, anndata 0.8.0, h5py 3.7.0 (HDF5 1.10.8), scipy 1.10.1, numpy 1.24.2. Seeded; from run to run only
the times differ that HDF5 keeps of groups. Files are written with h5py itself where anndata 0.8 cannot write what other
versions do. Damaged and foreign files go to faults/, compressed ones to compressed/ (lzf is h5py's; bzip2, lz4, zstd
and blosc chunks are packed by those libraries themselves, through ctypes or the standard library; bitshuffle's bit
transposition is numpy's: none by the HDF5 plugins that have to unpack them).
"""
import bz2
import ctypes
import json
import pathlib
import struct
import warnings

import anndata
import h5py
import numpy as np
import pandas as pd
from scipy import sparse

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "anndata"
GENES = ["TP53", "GAPDH", "ACTB", "CD3E", "MS4A1", "NKG7", "LYZ", "PPBP", "FOXP3"]
N, G = 12, len(GENES)


def counts(seed=1, n=N, g=G):
    random = np.random.default_rng(seed)
    return (random.poisson(1.2, (n, g)) * (random.random((n, g)) < 0.7)).astype("f4")


def text(values, fixed=False):
    return np.array(values, dtype="S") if fixed else np.array(values, dtype=object)


def write_text(group, name, values):
    group.create_dataset(name, data=np.array(values, dtype="S"))


def open_new(name, oldest="v110"):
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return h5py.File(path, "w", libver=(oldest, "v110"))


def frame(file, place, names, **columns):
    group = file.create_group(place)
    group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
    group.attrs["column-order"] = np.array(list(columns), dtype=h5py.string_dtype()) if columns else np.array([], dtype="f8")
    write_text(group, "_index", names)
    for name, values in columns.items():
        if isinstance(values, np.ndarray):
            group.create_dataset(name, data=values)
        else:
            write_text(group, name, values)
    return group


def sparse_group(file, place, matrix, index_dtype="i4", shape=True):
    group = file.create_group(place)
    group.attrs.update({"encoding-type": f"{matrix.format}_matrix", "encoding-version": "0.1.0"})
    if shape:
        group.attrs["shape"] = np.array(matrix.shape, dtype="i8")
    group.create_dataset("data", data=matrix.data)
    group.create_dataset("indices", data=matrix.indices.astype(index_dtype))
    group.create_dataset("indptr", data=matrix.indptr.astype(index_dtype))
    return group


def minimal(name, x, obs=None, var=None, **var_columns):
    """A file of today's layout with X (array, sparse matrix or None) and nothing else; open, for more to be added."""
    file = open_new(name)
    file.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
    rows = N if x is None else x.shape[0]
    genes = G if x is None else x.shape[1]
    frame(file, "obs", obs or [f"c{i}" for i in range(rows)])
    frame(file, "var", var or (GENES * (genes // G + 1))[:genes], **var_columns)
    if sparse.issparse(x):
        sparse_group(file, "X", x)
    elif x is not None:
        file.create_dataset("X", data=x)
    return file


def encodings():
    """One layer for each way to store a matrix; in all but the last ones the same counts."""
    x = counts()
    with minimal("encodings.h5ad", sparse.csr_matrix(x)) as file:
        layers = file.create_group("layers")
        for dtype in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", ">f4", ">i4"):
            file.create_dataset(f"layers/dense_{dtype.replace('>', 'big_endian_')}", data=x.astype(dtype))
        file.create_dataset("layers/dense_bool", data=x > 0)
        file.create_dataset("layers/dense_gzip", data=x, chunks=(5, 4), compression="gzip", shuffle=True, fletcher32=True)
        file.create_dataset("layers/dense_lzf", data=x, chunks=(7, 9), compression="lzf")
        for kind in ("csr", "csc"):
            for dtype in ("i4", "i8", "u4"):
                sparse_group(file, f"layers/{kind}_index_{dtype}", getattr(sparse, f"{kind}_matrix")(x), dtype)
            for dtype in ("f8", "i4", "i8", "u2", "bool"):
                sparse_group(file, f"layers/{kind}_{dtype}", getattr(sparse, f"{kind}_matrix")(x.astype(dtype)))
        old = sparse_group(file, "layers/csr_h5sparse", sparse.csr_matrix(x))
        for key in ("encoding-type", "encoding-version", "shape"):
            del old.attrs[key]
        old.attrs["h5sparse_format"] = "csr"
        old.attrs["h5sparse_shape"] = np.array(x.shape)
        untidy = sparse.csr_matrix((np.array([1, 2, 4, 0, 8, 16.5], "f4"), np.array([3, 1, 3, 0, 8, 2]),
                                    np.array([0, 3] + [6] * (N - 1))), shape=x.shape)
        sparse_group(file, "layers/csr_unsorted_twice_zero", untidy)
        csc = sparse.csc_matrix((np.array([1, 2, 4, 0, 8], "f4"), np.array([3, 1, 3, 0, 11]),
                                 np.array([0, 3] + [5] * (G - 1))), shape=x.shape)
        sparse_group(file, "layers/csc_unsorted_twice_zero", csc)
        strange = x.copy()
        strange[2, 3], strange[4, 5], strange[5, 0] = np.nan, np.inf, -2.5
        file.create_dataset("layers/dense_strange", data=strange)
        sparse_group(file, "layers/csc_strange", sparse.csc_matrix(strange))
        layers.create_group("empty_rows")
        del layers["empty_rows"]
        sparse_group(file, "layers/csr_empty", sparse.csr_matrix(x.shape, dtype="f4"))


def columns():
    """Every kind of column, written by anndata; then what newer versions write, by hand."""
    random = np.random.default_rng(2)
    obs = pd.DataFrame({
        "float64": random.normal(size=N), "float32": random.normal(size=N).astype("f4"), "int64": np.arange(N) - 3,
        "uint8": np.arange(N, dtype="u1") + 240, "bool": np.arange(N) % 3 == 0, "with_nan": np.where(np.arange(N) % 4 == 1, np.nan, 1.5),
        "text": [f"t\u00e9xt {i % 5}" for i in range(N)],
        "category": pd.Categorical([None if i == 4 else "abc"[i % 3] for i in range(N)]),
        "ordered": pd.Categorical(["lo", "hi", "mid"] * 4, categories=["lo", "mid", "hi"], ordered=True),
        "category_int": pd.Categorical([5, 7, 5] * 4), "category_float": pd.Categorical([0.5, 1.25] * 6),
        "nullable_int": pd.array([None if i == 2 else i * 10 for i in range(N)], dtype="Int64"),
        "nullable_bool": pd.array([None if i == 3 else i % 2 == 0 for i in range(N)], dtype="boolean"),
    }, index=[f"c\u00ebll{i}" for i in range(N)])
    data = anndata.AnnData(sparse.csr_matrix(counts()), obs=obs, var=pd.DataFrame(index=GENES),
                           obsm={"X_pca": random.normal(size=(N, 3)), "X_one": random.normal(size=(N, 1)).astype("f4"),
                                 "table": pd.DataFrame({"a": np.arange(N) * 1.0, "b": np.arange(N)}, index=obs.index)})
    path = ROOT / "columns.h5ad"
    path.unlink(missing_ok=True)
    data.write_h5ad(path)


def newer_columns():
    """What anndata 0.8 cannot read: nullable strings (0.11), None as an element (0.12); tests state what is in it."""
    with minimal("newer/nullable-string.h5ad", counts()) as file:
        obs = file["obs"]
        group = obs.create_group("nullable_text")
        group.attrs.update({"encoding-type": "nullable-string-array", "encoding-version": "0.1.0"})
        write_text(group, "values", ["a", "", "c"] * 4)
        group.create_dataset("mask", data=np.array([False, True, False] * 4))
        obs.attrs["column-order"] = np.array(["nullable_text"], dtype=h5py.string_dtype())
        layer = file.create_dataset("layers/nothing", data=h5py.Empty("f4"))
        layer.attrs.update({"encoding-type": "null", "encoding-version": "0.1.0"})


def legacy():
    """anndata before 0.7 (records, raw.X, categories in uns, h5sparse), and 0.7 (categories kept apart)."""
    x = counts(3)
    with open_new("legacy-records.h5ad", "earliest") as file:
        obs = np.array([(f"c{i}", i % 3, i * 0.5, i % 2 == 0) for i in range(N)],
                       dtype=[("index", "S4"), ("cluster", "i1"), ("score", "f4"), ("flag", "?")])
        file.create_dataset("obs", data=obs)
        file.create_dataset("var", data=np.array([(g, i) for i, g in enumerate(GENES[:5])], dtype=[("index", "S8"), ("n", "i8")]))
        write_text(file.create_group("uns"), "cluster_categories", ["B", "NK", "T"])
        file.create_dataset("obsm", data=np.array([(np.arange(3) + i, [i]) for i in range(N)],
                                                  dtype=[("X_pca", "f4", (3,)), ("X_one", "f8", (1,))]))
        file.create_dataset("X", data=np.log1p(x[:, :5]))
        raw = sparse.csr_matrix(x)
        group = file.create_group("raw.X")
        group.attrs.update({"h5sparse_format": "csr", "h5sparse_shape": np.array(raw.shape)})
        for key in ("data", "indices", "indptr"):
            group.create_dataset(key, data=getattr(raw, key))
        file.create_dataset("raw.var", data=np.array([(g, "n" + g) for g in GENES], dtype=[("index", "S8"), ("long", "S9")]))
    with open_new("legacy-groups.h5ad", "earliest") as file:
        group = frame(file, "obs", [f"c{i}" for i in range(N)], cluster=np.array([0, 2, -1, 1] * 3, dtype="i1"), n=np.arange(N))
        group.attrs["encoding-version"] = "0.1.0"
        del group.attrs["_index"]
        group.move("_index", "cell_id")
        group.attrs["_index"] = "cell_id"
        apart = group.create_group("__categories")
        write_text(apart, "cluster", ["B", "NK", "T"])
        apart["cluster"].attrs["ordered"] = False
        group["cluster"].attrs["categories"] = apart["cluster"].ref
        frame(file, "var", GENES).attrs["encoding-version"] = "0.1.0"
        sparse_group(file, "X", sparse.csr_matrix(x))


def shapes():
    """Sizes at the edge: no cells, no genes, one gene (old files keep that X flat)."""
    minimal("no-cells.h5ad", np.zeros((0, G), "f4")).close()
    minimal("no-genes.h5ad", np.zeros((N, 0), "f4")).close()
    minimal("no-cells-csr.h5ad", sparse.csr_matrix((0, G), dtype="f4")).close()
    minimal("no-x.h5ad", None).close()
    with minimal("faults/one-gene-flat.h5ad", None, var=["TP53"]) as file:
        file.create_dataset("X", data=np.arange(N, dtype="f4"))


def values():
    """Matrices that are not counts, and names that are odd: readable, of no use or in need of a word."""
    x = counts(4)
    x[:, 0] += 1  # no cell without counts: of those there is a fixture of its own
    depth = x.sum(1, keepdims=True)
    bad = {"nan": (2, 3, np.nan), "infinite": (4, 1, np.inf), "negative": (5, 0, -1)}
    for name, (i, j, value) in bad.items():
        changed = x.copy()
        changed[i, j] = value
        minimal(f"values-{name}.h5ad", changed).close()
    half = x * 40
    half[3, 2] = 0.5
    minimal("values-non-integer.h5ad", half).close()
    empty = x.copy()
    empty[[1, 7]] = 0
    minimal("values-empty-cells.h5ad", sparse.csr_matrix(empty)).close()
    minimal("values-log.h5ad", sparse.csr_matrix(np.log1p(x / depth * 1e4).astype("f4"))).close()
    minimal("values-normalized.h5ad", (x / depth * 1e4).astype("f4")).close()
    minimal("values-scaled.h5ad", ((x - x.mean(0)) / x.std(0)).astype("f4")).close()
    minimal("values-zero.h5ad", np.zeros((N, G), "f4")).close()
    with minimal("values-counts-in-layer.h5ad", np.log1p(x)) as file:
        for name, layer in (("scaled", x - 1.5), ("spliced", x), ("counts", x * 2), ("log_counts", np.log1p(x))):
            file.create_dataset(f"layers/{name}", data=layer.astype("f4"))
    with minimal("values-counts-in-raw.h5ad", np.log1p(x[:, :4]), var=GENES[:4]) as file:
        raw = file.create_group("raw")
        sparse_group(raw, "X", sparse.csr_matrix(x))
        frame(file, "raw/var", [f"ENSG{i:011d}" for i in range(G)], feature_name=GENES)
    ids = [f"ENSG{i:011d}" for i in range(G)]
    minimal("genes-ensembl.h5ad", x, var=ids, gene_symbols=["nan"] * 6 + GENES[6:], feature_name=GENES[:7] + ["", "nan"]).close()
    minimal("genes-spike-in.h5ad", x, var=["ERCC-00002"] + ids[1:], feature_name=["ERCC-00002"] + GENES[1:]).close()
    minimal("genes-mouse.h5ad", x, var=[g.capitalize() for g in GENES]).close()
    minimal("genes-unknown.h5ad", x, var=[f"feature{i}" for i in range(G)]).close()
    minimal("names-twice.h5ad", x, obs=["c0", "c0"] + [f"c{i}" for i in range(2, N)], var=GENES[:8] + ["TP53"]).close()


def faults():
    """Damaged AnnData: parts that are missing or disagree. anndata cannot read most of them."""
    x = sparse.csr_matrix(counts(5))

    def damaged(name, change):
        with minimal(f"faults/{name}.h5ad", x) as file:
            change(file)

    def replace(file, place, values):
        del file[place]
        file[place] = values

    damaged("too-few-rows", lambda f: replace(f, "obs/_index", text([f"c{i}" for i in range(N + 3)], True)))
    damaged("no-indptr", lambda f: f.__delitem__("X/indptr"))
    damaged("indptr-falls", lambda f: replace(f, "X/indptr", np.array([0, 9, 3] + [x.nnz] * (N - 2), "i4")))
    damaged("indptr-short", lambda f: replace(f, "X/indptr", np.array([0] * N + [x.nnz - 2], "i4")))
    damaged("column-outside", lambda f: replace(f, "X/indices", np.where(np.arange(x.nnz) == 4, G, x.indices).astype("i4")))
    damaged("data-too-short", lambda f: replace(f, "X/data", x.data[:-1]))
    damaged("unknown-encoding", lambda f: f["X"].attrs.__setitem__("encoding-type", "coo_matrix"))
    damaged("category-outside", lambda f: (
        f["obs"].create_dataset("bad/codes", data=np.full(N, 7, "i1")), write_text(f["obs/bad"], "categories", ["a", "b"]),
        f["obs/bad"].attrs.update({"encoding-type": "categorical", "ordered": False}),
        f["obs"].attrs.__setitem__("column-order", np.array(["bad"], dtype=h5py.string_dtype()))))
    damaged("external-link", lambda f: (f.__delitem__("X"), f.__setitem__("X", h5py.ExternalLink("elsewhere.h5", "/X"))))
    with open_new("faults/mudata.h5ad") as file:
        file.create_group("mod/rna/X")
    with open_new("faults/tenx.h5ad") as file:
        write_text(file.create_group("matrix"), "barcodes", ["a"])
    with open_new("faults/loom.h5ad") as file:
        file.create_dataset("matrix", data=np.eye(2))
        file.create_group("row_attrs"), file.create_group("col_attrs")
    with open_new("faults/other.h5ad") as file:
        file.create_dataset("temperature", data=np.arange(3))


def packed(name, filter_id, pack, options=()):
    """A dense X whose single chunk `pack` packed; HDF5 here need not know the filter, so it is set as optional."""
    x = counts(6, 40, 9)
    with minimal(name, None, obs=[f"c{i}" for i in range(40)]) as file:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk(x.shape)
        plist.set_obj_track_times(False)
        plist.set_filter(filter_id, h5py.h5z.FLAG_OPTIONAL, options)
        dataset = h5py.h5d.create(file.id, b"X", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple(x.shape), plist)
        dataset.write_direct_chunk((0, 0), pack(x.tobytes()))


def pack_lz4(raw):
    library = ctypes.CDLL("liblz4.so.1")
    out = ctypes.create_string_buffer(library.LZ4_compressBound(len(raw)))
    size = library.LZ4_compress_default(raw, out, len(raw), len(out))
    return struct.pack(">QII", len(raw), len(raw), size) + out.raw[:size]


def pack_zstd(raw):
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = ctypes.c_size_t
    library.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
    library.ZSTD_compress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    out = ctypes.create_string_buffer(library.ZSTD_compressBound(len(raw)))
    size = library.ZSTD_compress(out, len(out), raw, len(raw), 3)
    return out.raw[:size]


def pack_blosc(raw):
    library = ctypes.CDLL("libblosc.so.1")
    library.blosc_compress_ctx.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_char_p,
                                           ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    out = ctypes.create_string_buffer(len(raw) + 16)
    size = library.blosc_compress_ctx(5, 1, 4, len(raw), raw, out, len(out), b"lz4", 0, 1)
    return out.raw[:size]


def bit_transpose(raw, size):
    """bitshuffle's bit transposition of elements of `size` bytes (a multiple of 8 of them): bit planes, one by one."""
    bits = np.unpackbits(np.frombuffer(raw, "u1").reshape(-1, size), axis=1, bitorder="little")
    return np.packbits(bits.T, axis=1, bitorder="little").tobytes()


def compressed():
    packed("compressed/bzip2.h5ad", 307, lambda raw: bz2.compress(raw, 9), (9,))
    packed("compressed/lz4.h5ad", 32004, pack_lz4, (0,))
    packed("compressed/zstd.h5ad", 32015, pack_zstd, (3,))
    packed("compressed/blosc.h5ad", 32001, pack_blosc, (2, 2, 4, 40 * 9 * 4, 5, 1, 1))
    packed("compressed/bitshuffle.h5ad", 32008, lambda raw: bit_transpose(raw, 4), (0, 4, 4, 0, 0))
    packed("compressed/snappy.h5ad", 32003, lambda raw: raw)
    packed("compressed/unregistered.h5ad", 40404, lambda raw: raw)
    packed("compressed/damaged-gzip.h5ad", 1, lambda raw: b"\x78\x9c" + bytes(200), (4,))
    with minimal("compressed/lzf.h5ad", None, obs=[f"c{i}" for i in range(40)]) as file:
        file.create_dataset("X", data=counts(6, 40, 9), chunks=(40, 9), compression="lzf", shuffle=True)
    with open_new("compressed/lzf-strings.h5") as file:
        names = np.array([f"gene {i}" for i in range(80)], dtype=object)
        file.create_dataset("strings", data=names, dtype=h5py.string_dtype(), compression="lzf")
        file.create_dataset("damaged", shape=(80,), dtype="i4", chunks=(80,), compression="lzf")
        file["damaged"].id.write_direct_chunk((0,), bytes([255]) * 90)
    told = {"sum": float(counts(6, 40, 9).sum()), "row": counts(6, 40, 9)[0].tolist()}
    (ROOT / "compressed" / "expected.json").write_text(json.dumps(told) + "\n")


for make in (encodings, columns, newer_columns, legacy, shapes, values, faults, compressed):
    make()
print(sum(p.stat().st_size for p in ROOT.rglob("*.h5ad")), "bytes in", len(list(ROOT.rglob("*.h5ad"))), "files")
