"""Packs the training cells into one compact file that a GPU machine can be handed.

    python3 training/pack.py --cells ../shared/data/cells --dictionary ../shared/data/human_gene_dict.json \
        --out .train/cells.pack

The pack keeps, for each data set, the aligned genes in file order (duplicated names too), so that the reference's
sampling can be repeated from it bit for bit, and the cells' raw counts on those genes. Layout: one line of JSON (the
header), then one xz stream of the arrays that the header lists, in its order.
"""
import argparse
import hashlib
import json
import lzma
import os
import warnings

import numpy as np

warnings.filterwarnings("ignore")

# File name -> short name, label columns that are kept, column that names technical batches (or None).
SETS = {
    "darmanis2015_human_cortex_466.h5ad": ("darmanis", ["cell_type", "stage", "experiment_sample_name"], None),
    "simsweb_human_brain_rnh027_100_counts.h5ad": ("sims", ["cell_pred"], None),
    "pbmc3k_100_counts.h5ad": ("pbmc3k", ["louvain"], None),
    "zheng_pbmc_facs_3874.h5ad": ("zheng", ["celltype", "subpop"], None),
    "mudan_sorted_pbmc_reference_2140.h5ad": ("mudan", ["celltype"], None),
    "mudan_frozen_pbmc_donorA_2896_unlabelled.h5ad": ("donor_a", [], None),
    "sc_mixology_celllines.h5ad": ("mixology", ["cell_line_demuxlet", "demuxlet_cls", "protocol"], "protocol"),
    "pcmp_allen_human_ACC_V1_1800x2023genes.h5ad": ("allen", ["facs_sort_criteria", "brain_region", "donor_id"], None),
    "kang_pbmc_ctrl_stim_2000_condition_only.h5ad": ("kang", ["condition"], None),
    "copykat_breast_tumour_302_unlabelled.h5ad": ("copykat", [], None),
}
SYMBOL_COLUMNS = ["feature_name", "gene_symbols", "gene_symbol", "gene_name", "symbol", "name"]


def gene_names(adata):
    """Names by the rule of spec 1.1: symbols from var_names, or from the first well-filled symbol column."""
    names = [str(name) for name in adata.var_names]
    if not names[0].startswith("ENSG"):
        return names
    for column in SYMBOL_COLUMNS:
        if column in adata.var:
            values = [str(value) for value in adata.var[column]]
            filled = [value not in ("", "nan") for value in values]
            if sum(filled) > len(values) / 2:
                return [value if full else name for value, full, name in zip(values, filled, names)]
    return names


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", default="../shared/data/cells")
    parser.add_argument("--dictionary", default="../shared/data/human_gene_dict.json")
    parser.add_argument("--out", default=".train/cells.pack")
    args = parser.parse_args()
    import anndata
    import scipy.sparse

    dictionary = json.load(open(args.dictionary))["human"]
    symbols = sorted(dictionary, key=lambda symbol: int(dictionary[symbol]["protein_embedding_id"]))
    position = {symbol: index for index, symbol in enumerate(symbols)}
    arrays, header = [], {"format": "uce-workbook-cells", "sets": [], "arrays": []}

    def put(name, array):
        array = np.ascontiguousarray(array)
        header["arrays"].append({"name": name, "dtype": str(array.dtype), "size": int(array.size)})
        arrays.append(array)

    put("genes/id", np.array([int(dictionary[s]["protein_embedding_id"]) for s in symbols], np.int32))
    put("genes/chromosome", np.array([int(dictionary[s]["chromosome_id"]) for s in symbols], np.int16))
    put("genes/start", np.array([int(dictionary[s]["location"]) for s in symbols], np.int32))
    header["symbols"] = symbols
    barcodes = {}
    for file, (short, columns, batch) in SETS.items():
        path = os.path.join(args.cells, file)
        adata = anndata.read_h5ad(path)
        counts = scipy.sparse.csr_matrix(adata.X)
        names = gene_names(adata)
        keep = [column for column, name in enumerate(names) if name in position]
        counts = scipy.sparse.csr_matrix(counts[:, keep])
        counts.sort_indices()
        counts.eliminate_zeros()
        values = counts.data
        assert np.all(values == np.rint(values)) and values.min() >= 1, file
        # Within a row the first index is absolute, the others are steps: small numbers that compress well.
        steps = np.diff(counts.indices, prepend=0)
        starts = counts.indptr[:-1][np.diff(counts.indptr) > 0]
        steps[starts] = counts.indices[starts]
        put(f"{short}/gene", np.array([position[names[column]] for column in keep], np.uint16))
        put(f"{short}/length", np.diff(counts.indptr).astype(np.uint16))
        put(f"{short}/step", steps.astype(np.uint16))
        put(f"{short}/low", np.minimum(values, 255).astype(np.uint8))
        put(f"{short}/high", values[values >= 255].astype(np.int32))
        entry = {"name": short, "file": file, "sha256": hashlib.sha256(open(path, "rb").read()).hexdigest(),
                 "cells": int(adata.n_obs), "genes": len(keep), "distinct": len({names[c] for c in keep}),
                 "batch": batch, "labels": {}}
        for column in columns:
            codes, classes = np.unique(adata.obs[column].astype(str).values, return_inverse=True)[::-1]
            entry["labels"][column] = [str(name) for name in classes]
            put(f"{short}/label/{column}", codes.astype(np.uint8))
        barcodes[short] = [str(name) for name in adata.obs_names]
        header["sets"].append(entry)
        print(short, adata.shape, "->", counts.shape, "distinct", entry["distinct"], "values", values.size)

    # Sorted PBMC of the two packagers: barcodes that stand in both, whatever each one put around the sequence.
    def core(name):
        letters = "".join(c if c in "ACGT" else " " for c in name).split()
        return max(letters, key=len) if letters else name
    zheng = {core(name): row for row, name in enumerate(barcodes["zheng"])}
    shared = [(zheng[core(name)], row) for row, name in enumerate(barcodes["mudan"]) if core(name) in zheng]
    header["shared"] = {"zheng": [a for a, _ in shared], "mudan": [b for _, b in shared]}
    print("barcodes in zheng and mudan:", len(shared))

    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
    blob = lzma.compress(b"".join(split_bytes(array) for array in arrays), format=lzma.FORMAT_XZ, filters=filters)
    os.makedirs(os.path.dirname(args.out) or ".", exist_ok=True)
    with open(args.out, "wb") as out:
        out.write(json.dumps(header).encode() + b"\n" + blob)
    print("wrote", args.out, os.path.getsize(args.out), "bytes")


def split_bytes(array):
    """All low bytes, then all second bytes, ...: a byte plane compresses better than mixed ones."""
    planes = array.astype(array.dtype.newbyteorder("<")).view(np.uint8).reshape(array.size, array.dtype.itemsize)
    return np.ascontiguousarray(planes.T).tobytes()


def read_pack(path):
    """Returns (header, {array name: array}, {set name: CSR (indptr, indices, values) over the set's own genes})."""
    with open(path, "rb") as source:
        header = json.loads(source.readline())
        data = np.frombuffer(lzma.decompress(source.read()), np.uint8)
    arrays, offset = {}, 0
    for item in header["arrays"]:
        dtype = np.dtype(item["dtype"]).newbyteorder("<")
        count = item["size"] * dtype.itemsize
        planes = data[offset:offset + count].reshape(dtype.itemsize, item["size"])
        arrays[item["name"]] = np.ascontiguousarray(planes.T).view(dtype).ravel()
        offset += count
    cells = {}
    for entry in header["sets"]:
        name = entry["name"]
        lengths = arrays[f"{name}/length"].astype(np.int64)
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        running = np.cumsum(arrays[f"{name}/step"].astype(np.int64))
        before = np.concatenate([[0], running])[indptr[:-1]]
        indices = (running - np.repeat(before, lengths)).astype(np.int32)
        values = arrays[f"{name}/low"].astype(np.int32)
        values[values == 255] = arrays[f"{name}/high"]
        cells[name] = (indptr, indices, values)
    return header, arrays, cells


if __name__ == "__main__":
    main()
