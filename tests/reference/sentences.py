#!/usr/bin/env python3
"""Independent reference for load, normalize, sample and sentence: what numpy's own generator draws.

    python3 sentences.py FILE.h5ad --genes DICTIONARY.json|human-genes.csv --rows A-B [--matrix X|raw/X|layers/NAME]
                         [--sampling reference|low-variance] [--seed-round K] [--counts] [--out OUT.ndjson]

Written from the description of the pipeline alone, sharing nothing with the TypeScript. Needs numpy and anndata (for
the file; `cell_sentence` itself needs numpy only). Ties on the genome are kept in draw order (stable sort), where the
public code leaves them to an unstable one.

Output, one JSON object a line: first a header {file, n_cells, names, matched, numpy, sampling, sum}, then a cell a line
{row, status, genes, probabilities, tokens}, where `genes` (int32, index among the file's matched genes) and `probabilities`
(float32) are the non-zero entries as base64 little-endian, so that no digit is lost. With --counts also {columns,
counts}: the row as the file holds it (int32 columns, float64 values, base64).
"""
import argparse
import base64
import csv
import json
import sys

import numpy as np

SAMPLE_SIZE = 1024
CLS, CHROMOSOME_END, CHROMOSOME_OFFSET = 1, 2000, 1000


def read_genes(path, species="human"):
    """symbol -> (token, chromosome id, start), from the public dictionary or from our compact table."""
    if path.endswith(".json"):
        with open(path) as file:
            return {symbol: (int(entry["protein_embedding_id"]), int(entry["chromosome_id"]), int(entry["location"]))
                    for symbol, entry in json.load(file)[species].items()}
    with open(path) as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["symbol"]: (int(row["token"]), int(row["chromosome"]), int(row["start"])) for row in rows}


def gene_names(var, column=None):
    """Names to align by: symbols, found in a column of `var` where the index holds Ensembl ids."""
    index = [str(name) for name in var.index]
    if not index or not index[0].startswith("ENSG"):
        return index
    for name in [column, "feature_name", "gene_symbols", "gene_symbol", "gene_name", "symbol", "name"]:
        if name is None or name not in var.columns:
            continue
        values = ["" if value is None or str(value).lower() == "nan" else str(value) for value in var[name]]
        if sum(value != "" for value in values) > len(values) / 2:
            return [value if value != "" else ident for value, ident in zip(values, index)]
    return index


def cell_probabilities(counts, log1p="float32", total="float32"):
    """Distribution over the matched genes of one cell, dense float32; None where there are no counts.

    log1p "float32" is numpy's own float32 function, whose last bit depends on the processor and the numpy version;
    "rounded" is the float64 result rounded, the same everywhere. total "float32" is numpy's own float32 sum, which
    depends on the version; "rounded" is the float64 sum rounded.
    """
    counts = np.asarray(counts, dtype=np.float32)
    logged = np.log1p(counts) if log1p == "float32" else np.log1p(counts.astype(np.float64)).astype(np.float32)
    summed = logged.sum() if total == "float32" else logged.sum(dtype=np.float64).astype(np.float32)
    if summed == 0:
        return None
    return logged / np.maximum(summed, np.float32(1e-8))


def cell_sentence(probabilities, tokens, chromosomes, starts, seed, sampling="reference", size=SAMPLE_SIZE):
    """Drawn genes (positions, in draw order), chromosome order and token list of one cell."""
    generator = np.random.default_rng(seed)
    if sampling == "reference":
        drawn = generator.choice(len(probabilities), size=size, p=probabilities, replace=True)
    else:
        cdf = probabilities.astype(np.float64).cumsum()
        cdf /= cdf[-1]
        offset = generator.random()
        drawn = np.minimum(cdf.searchsorted((np.arange(size) + offset) / size, side="right"), len(probabilities) - 1)
    order = np.unique(chromosomes[drawn])
    generator.shuffle(order)
    sentence = [CLS]
    for chromosome in order:
        here = drawn[chromosomes[drawn] == chromosome]
        here = here[np.argsort(starts[here], kind="stable")]
        sentence += [CHROMOSOME_OFFSET + int(chromosome), *tokens[here].tolist(), CHROMOSOME_END]
    return drawn, order, sentence


def base64_of(array, kind):
    return base64.b64encode(np.ascontiguousarray(array, dtype=kind).tobytes()).decode()


def status_of(counts):
    if not np.all(np.isfinite(counts)) or np.any(counts < 0):
        return "failed"
    return "ok" if np.any(counts > 0) else "empty"


def run(options):
    import anndata
    data = anndata.read_h5ad(options.file)
    raw = options.matrix == "raw/X"
    matrix = data.raw.X if raw else data.layers[options.matrix[7:]] if options.matrix.startswith("layers/") else data.X
    names = gene_names((data.raw if raw else data).var, options.gene_column)
    dictionary = read_genes(options.genes)
    matched = np.array([i for i, name in enumerate(names) if name in dictionary], dtype=np.int64)
    if len(matched) == 0:
        sys.exit("no gene in common")
    facts = np.array([dictionary[names[i]] for i in matched], dtype=np.int64)
    first, last = options.rows if options.rows else (0, data.n_obs - 1)
    yield {"file": options.file, "n_cells": int(data.n_obs), "names": names, "matched": len(matched),
           "numpy": np.__version__, "sampling": options.sampling, "log1p": options.log1p, "sum": options.total}
    for row in range(first, min(last, data.n_obs - 1) + 1):
        dense = np.asarray(matrix[row].toarray() if hasattr(matrix, "toarray") else matrix[row]).reshape(-1)
        counts = dense[matched]
        record = {"row": row, "status": status_of(counts), "tokens": None}
        probabilities = cell_probabilities(counts, options.log1p, options.total) if record["status"] == "ok" else None
        if record["status"] == "ok" and probabilities is None:
            record["status"] = "empty"
        if probabilities is not None:
            seed = row + options.seed_round * int(data.n_obs)
            try:
                record["tokens"] = cell_sentence(probabilities, *facts.T, seed, options.sampling)[2]
                stored = np.nonzero(probabilities)[0]
                record["genes"] = base64_of(stored, "<i4")
                record["probabilities"] = base64_of(probabilities[stored], "<f4")
            except ValueError:
                record["status"] = "failed"
        if options.counts:
            stored = np.nonzero(dense)[0]
            record["columns"] = base64_of(stored, "<i4")
            record["counts"] = base64_of(dense[stored], "<f8")
        yield record


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--genes", required=True)
    parser.add_argument("--rows", type=lambda text: tuple(int(part) for part in text.split("-")))
    parser.add_argument("--matrix", default="X")
    parser.add_argument("--gene-column")
    parser.add_argument("--sampling", choices=["reference", "low-variance"], default="reference")
    parser.add_argument("--seed-round", type=int, default=0, help="k: seeds are row + k * cells in the file")
    parser.add_argument("--log1p", choices=["float32", "rounded"], default="float32")
    parser.add_argument("--total", choices=["float32", "rounded"], default="float32")
    parser.add_argument("--counts", action="store_true")
    parser.add_argument("--out")
    options = parser.parse_args()
    out = open(options.out, "w") if options.out else sys.stdout
    with out:
        for record in run(options):
            out.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
