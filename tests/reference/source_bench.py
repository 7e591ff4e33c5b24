"""Makes the same synthetic cells in every format that is read, to measure what opening and reading each takes.

    PYTHONPATH=... /usr/bin/python3 tests/reference/source_bench.py FOLDER [CELLS]

10,000 cells unless told, 33,538 genes as of Cell Ranger's human reference, 2,000 of them in each cell; seeded. Needs numpy, h5py, and Debian's
python3-zarr and python3-numcodecs. FOLDER belongs outside the repository.
"""
import gzip
import pathlib
import sys

import h5py
import numpy as np

GENES, EACH = 33_538, 2_000
HERE = pathlib.Path(__file__).resolve().parents[2]


def main(folder, cells):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    lines = (HERE / "src" / "data" / "human-genes.csv").read_text().splitlines()
    known = [line.split(",")[0] for line in lines if not line.startswith(("#", "symbol,"))]
    names = (known + [f"AL{i:06d}.1" for i in range(GENES)])[:GENES]
    ids = [f"ENSG{i:011d}" for i in range(GENES)]
    barcodes = [f"{i:016x}".translate(str.maketrans("0123456789abcdef", "ACGTACGTACGTACGT")) + f"-{i}" for i in range(cells)]
    indices = np.concatenate([np.sort(rng.choice(GENES, EACH, replace=False)) for _ in range(cells)])
    data = (rng.geometric(0.55, cells * EACH)).astype("i4")
    indptr = np.arange(cells + 1, dtype="i8") * EACH
    shape = (cells, GENES)
    text = lambda values: np.array([v.encode() for v in values])

    with h5py.File(folder / "tenx.h5", "w") as file:
        for name, values in (("data", data), ("indices", indices.astype("i8")), ("indptr", indptr), ("barcodes", text(barcodes))):
            file.create_dataset(f"matrix/{name}", data=values, compression="gzip", compression_opts=4, chunks=(min(len(values), 80_000),))
        file["matrix/shape"] = np.array(shape[::-1], dtype="i4")
        for name, values in (("id", ids), ("name", names), ("feature_type", ["Gene Expression"] * GENES), ("genome", ["GRCh38"] * GENES)):
            file.create_dataset(f"matrix/features/{name}", data=text(values), compression="gzip")

    for name, packing in (("cells.h5ad", {"compression": "gzip", "compression_opts": 4}), ("cells-plain.h5ad", {})):
        with h5py.File(folder / name, "w") as file:
            file.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
            x = file.create_group("X")
            x.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": shape})
            for part, values in (("data", data.astype("f4")), ("indices", indices.astype("i4")), ("indptr", indptr)):
                x.create_dataset(part, data=values, **packing)
            for axis, index in (("obs", barcodes), ("var", names)):
                group = file.create_group(axis)
                group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
                group.attrs["column-order"] = np.zeros(0)
                group["_index"] = np.array(index, dtype=object)

    import zarr
    from numcodecs import VLenUTF8, Zstd

    for name, compressor in (("blosc.zarr", "default"), ("zstd.zarr", Zstd(0))):
        root = zarr.open_group(str(folder / name), mode="w")
        root.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
        x = root.create_group("X")
        x.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": list(shape)})
        for part, values in (("data", data.astype("f4")), ("indices", indices.astype("i4")), ("indptr", indptr)):
            x.create_dataset(part, data=values, compressor=compressor)
        for axis, index in (("obs", barcodes), ("var", names)):
            group = root.create_group(axis)
            group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index", "column-order": []})
            group.create_dataset("_index", data=np.array(index, dtype=object), dtype=object, object_codec=VLenUTF8())

    mtx = folder / "mtx"
    mtx.mkdir(exist_ok=True)
    pack = lambda name: gzip.open(mtx / name, "wt", compresslevel=6)
    with pack("matrix.mtx.gz") as out:
        out.write(f"%%MatrixMarket matrix coordinate integer general\n%metadata_json: {{}}\n{GENES} {cells} {len(data)}\n")
        for cell in range(cells):
            part = slice(cell * EACH, (cell + 1) * EACH)
            out.write("".join(f"{gene + 1} {cell + 1} {value}\n" for gene, value in zip(indices[part].tolist(), data[part].tolist())))
    with pack("barcodes.tsv.gz") as out:
        out.writelines(f"{barcode}\n" for barcode in barcodes)
    with pack("features.tsv.gz") as out:
        out.writelines(f"{a}\t{b}\tGene Expression\n" for a, b in zip(ids, names))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
