"""Makes small files of counts in the formats beside h5ad, after their public layouts.

    PYTHONPATH=... /usr/bin/python3 tests/reference/sources_fixtures.py      -> tests/fixtures/sources

Needs numpy, scipy, h5py; for Zarr also Debian's python3-zarr (2.13) and python3-numcodecs (0.11). Zarr v3 is written by plain
arithmetic, as its specification says, since that version of zarr does not know it.
"""
import gzip
import json
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


MANY, WIDE = 200, 30


def deep():
    rng = np.random.default_rng(7)
    return rng.poisson(0.7, (MANY, WIDE)).astype("i4")


def tables(put, group):
    """obs and var; put(path, values, **storage), group(path, attributes)."""
    kinds = np.array(["B", "NK", "T"])
    codes = (np.arange(MANY) % 4 - 1).astype("i1")
    group("obs", {"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "names", "column-order": ["kind", "depth", "note", "few"]})
    put("obs/names", np.array([f"zelle-\u00e4{i}" for i in range(MANY)], dtype=object), string=True)
    group("obs/kind", {"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False})
    put("obs/kind/codes", codes)
    put("obs/kind/categories", kinds.astype(object), string=True)
    put("obs/depth", np.arange(MANY) / 4)
    put("obs/note", np.array([f"n{i % 7}" for i in range(MANY)], dtype="U4"))
    group("obs/few", {"encoding-type": "nullable-integer", "encoding-version": "0.1.0"})
    put("obs/few/values", np.arange(MANY, dtype="i8"))
    put("obs/few/mask", np.arange(MANY) % 5 == 0)
    group("var", {"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index", "column-order": []})
    put("var/_index", np.array(SYMBOLS + [f"GENE{i}" for i in range(len(SYMBOLS), WIDE)], dtype=object), string=True)
    group("layers", {"encoding-type": "dict", "encoding-version": "0.1.0"})


def zarr_v2():
    import zarr
    from numcodecs import LZ4, Blosc, GZip, VLenUTF8, Zlib, Zstd

    path = OUT / "zarr-v2.zip"
    path.unlink(missing_ok=True)
    files = {}
    root = zarr.open_group(files, mode="w")
    root.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})

    def group(name, attributes):
        root.require_group(name).attrs.update(attributes)

    def put(name, values, string=False, **storage):
        encoding = "string-array" if string else "array"
        made = root.create_dataset(name, data=values, object_codec=VLenUTF8() if string else None, dtype=object if string else values.dtype, **storage)
        made.attrs.update({"encoding-type": encoding, "encoding-version": "0.2.0"})

    tables(put, group)
    dense = deep()
    csr = sparse.csr_matrix(dense)
    group("X", {"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": list(dense.shape)})
    for part in ("data", "indices", "indptr"):
        put(f"X/{part}", getattr(csr, part), chunks=(1000,))
    csc = sparse.csc_matrix(dense)
    group("layers/csc", {"encoding-type": "csc_matrix", "encoding-version": "0.1.0", "shape": list(dense.shape)})
    for part in ("data", "indices", "indptr"):
        put(f"layers/csc/{part}", getattr(csc, part).astype("i8"), chunks=(1000,), compressor=Zstd(3))
    packings = {"none": None, "zlib": Zlib(4), "gzip": GZip(4), "zstd": Zstd(5), "lz4": LZ4()}
    for name in ("blosclz", "lz4", "lz4hc", "zlib", "zstd"):
        for shuffle, called in ((Blosc.NOSHUFFLE, "plain"), (Blosc.SHUFFLE, "bytes"), (Blosc.BITSHUFFLE, "bits")):
            packings[f"blosc-{name}-{called}"] = Blosc(cname=name, clevel=5, shuffle=shuffle)
    packings["blosc-stored"] = Blosc(cname="lz4", clevel=0)
    packings["blosc-blocks"] = Blosc(cname="zstd", clevel=3, shuffle=Blosc.SHUFFLE, blocksize=2048)
    for name, compressor in packings.items():
        put(f"layers/{name}", dense, chunks=(128, 17), compressor=compressor)
    put("layers/fortran", dense, chunks=(128, 17), order="F")
    put("layers/nested", dense.astype(">i8"), chunks=(128, 17), dimension_separator="/")
    put("layers/half", dense.astype(">f2"), chunks=(MANY, WIDE))
    sparse_rows = np.where(np.arange(MANY)[:, None] < 100, dense, 0).astype("f8")
    made = root.create_dataset("layers/holes", shape=dense.shape, dtype="f8", chunks=(100, WIDE), fill_value=0)
    made[:100] = sparse_rows[:100]
    made.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})
    write_zip(path, files)


def write_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"cells.zarr/{name}"), bytes(files[name]), zipfile.ZIP_DEFLATED if name.endswith(("json", ".zarray", ".zattrs")) else zipfile.ZIP_STORED)


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    return ((value ^ 0xFFFFFFFF) & 0xFFFFFFFF).to_bytes(4, "little")


TYPES_V3 = {"f8": "float64", "f4": "float32", "i4": "int32", "i8": "int64", "i1": "int8", "b1": "bool"}


def zarr_v3():
    """After the Zarr v3 core specification and its codecs, sharding included."""
    from numcodecs import Blosc, GZip, VLenUTF8, Zstd

    files = {}
    node = lambda name, meta: files.__setitem__(f"{name}/zarr.json".lstrip("/"), json.dumps({"zarr_format": 3} | meta).encode())
    group = lambda name, attributes: node(name, {"node_type": "group", "attributes": attributes})
    little = {"name": "bytes", "configuration": {"endian": "little"}}
    packers = {"zstd": ({"level": 3, "checksum": False}, Zstd(3)), "gzip": ({"level": 5}, GZip(5)),
               "blosc": ({"cname": "lz4", "clevel": 5, "shuffle": "shuffle", "typesize": 4, "blocksize": 0}, Blosc("lz4", 5, Blosc.SHUFFLE))}

    def put(name, values, string=False, chunks=None, packing="zstd", shard=None, big=False, order=None, checksum=False, separator="/"):
        chunks = tuple(chunks or values.shape)
        kind = values.dtype.str[1:]
        if string:
            data_type, first = "string", {"name": "vlen-utf8", "configuration": {}}
        elif kind[0] == "U":
            data_type, first = {"name": "fixed_length_utf32", "configuration": {"length_bytes": values.dtype.itemsize}}, little
        else:
            data_type = TYPES_V3[kind]
            first = {"name": "bytes"} if values.dtype.itemsize == 1 else {"name": "bytes", "configuration": {"endian": "big" if big else "little"}}
        configuration, packer = packers[packing]
        codecs = ([{"name": "transpose", "configuration": {"order": order}}] if order else []) + [first, {"name": packing, "configuration": configuration}]
        codecs += [{"name": "crc32c"}] if checksum else []

        def encode(block):
            if string:
                return packer.encode(VLenUTF8().encode(block.ravel()))
            block = np.ascontiguousarray(block.transpose(order) if order else block)
            data = packer.encode(block.astype(block.dtype.newbyteorder(">")) if big else block)
            return data + crc32c(data) if checksum else data

        def block(start, shape):
            padded = np.full(shape, "" if values.dtype == object else 0, dtype=values.dtype)
            part = values[tuple(slice(at, at + n) for at, n in zip(start, shape))]
            padded[tuple(slice(0, n) for n in part.shape)] = part
            return padded

        outer = shard or chunks
        for place in np.ndindex(*[-(-n // m) for n, m in zip(values.shape, outer)]):
            start = [at * n for at, n in zip(place, outer)]
            if shard is None:
                data = encode(block(start, chunks))
            else:
                index, data = [], b""
                for inner in np.ndindex(*[n // m for n, m in zip(outer, chunks)]):
                    begin = [at + i * n for at, i, n in zip(start, inner, chunks)]
                    if any(at >= n for at, n in zip(begin, values.shape)):
                        index += [2**64 - 1] * 2
                        continue
                    piece = bytes(encode(block(begin, chunks)))
                    index += [len(data), len(piece)]
                    data += piece
                table = np.array(index, dtype="<u8").tobytes()
                data += table + crc32c(table)
            key = separator.join(["c", *map(str, place)])
            files[f"{name}/{key}"] = bytes(data)
        if shard:
            codecs = [{"name": "sharding_indexed", "configuration": {"chunk_shape": chunks, "codecs": codecs, "index_codecs": [little, {"name": "crc32c"}], "index_location": "end"}}]
        encoding = {"encoding-type": "string-array" if string else "array", "encoding-version": "0.2.0"}
        node(name, {"node_type": "array", "shape": values.shape, "data_type": data_type, "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": outer}},
                    "chunk_key_encoding": {"name": "default", "configuration": {"separator": separator}}, "fill_value": "" if string or kind[0] == "U" else 0, "codecs": codecs, "attributes": encoding})

    group("", {"encoding-type": "anndata", "encoding-version": "0.1.0"})
    tables(put, group)
    dense = deep()
    csr = sparse.csr_matrix(dense)
    group("X", {"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": list(dense.shape)})
    put("X/data", csr.data, chunks=(500,), shard=(2000,))
    put("X/indices", csr.indices, chunks=(500,), shard=(2000,), packing="blosc")
    put("X/indptr", csr.indptr, packing="gzip")
    put("layers/dense", dense, chunks=(64, 20), shard=(128, 40))
    put("layers/checked", dense.astype("f8"), chunks=(100, 16), checksum=True, separator=".")
    put("layers/transposed", dense, chunks=(100, 16), order=[1, 0], big=True, packing="gzip")
    write_zip(OUT / "zarr-v3.zip", files)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    hdf5()
    market()
    zarr_v2()
    zarr_v3()
