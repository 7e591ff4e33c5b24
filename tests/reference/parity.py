#!/usr/bin/env python3
"""Expected values of every stage for the page "Is it the same model?" (parity), in numpy float64.

    python3 tests/reference/parity.py DEMO.h5ad           writes src/data/parity.json (seeded: always the same numbers)
    python3 tests/reference/parity.py DEMO.h5ad --check   recomputes them and compares with the committed file

DEMO.h5ad is the demo as the site serves it: `node --import tsx src/data/demo.h5ad.ts > DEMO.h5ad`.

Load, normalize, sample and sentence are sentences.py's: numpy's own log1p, choice and shuffle. The forward pass reads the bundle's
stored numbers by docs/formats.md (each variant on its own: what is compared is arithmetic, not rounding) and computes in float64,
one sentence at a time, all rows of all layers, no fused operators. Folding is checked on a small seeded checkpoint (forward.py's
way of the unfolded model), whose tensors are in the file.
"""
import argparse
import base64
import hashlib
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import forward  # noqa: E402
import sentences  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
MODEL, OUT = ROOT / "src/data/model", ROOT / "src/data/parity.json"
CELLS, LOOKED_AT, CDF_PLACES, LAYER_ROWS, GENES = 24, 3, 64, (0, 1, 100, 500, 1000), 32
FOLD = {"width": 64, "inputWidth": 96, "tokens": 24}


def packed(values, kind):
    values = np.ascontiguousarray(values, dtype=kind)
    return {"type": {"<f8": "float64", "<f4": "float32", "<i4": "int32", "<u2": "uint16"}[kind],
            "shape": list(values.shape), "base64": base64.b64encode(values.tobytes()).decode()}


# --- the bundle, by docs/formats.md -----------------------------------------------------------------------------------

def read_weights(path):
    raw = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    types = {"F32": np.float32, "F16": np.float16, "U8": np.uint8, "I8": np.int8}
    stored = {}
    for name, entry in json.loads(raw[8:8 + length]).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            stored[name] = np.frombuffer(raw[8 + length + start:8 + length + end], types[entry["dtype"]]).reshape(entry["shape"])
    weights = {}
    for name, values in stored.items():
        if name.endswith(".scales"):
            continue
        if name + ".scales" not in stored:
            weights[name] = values.astype(np.float64)
            continue
        scales = stored[name + ".scales"].astype(np.float64)[..., None]
        if values.dtype == np.int8:
            weights[name] = values.astype(np.float64) * scales
        else:
            wide = (values.astype(np.float64) - 128) * scales
            weights[name] = wide.reshape(wide.shape[0], -1).T
    return weights


def table_rows(genes, manifest):
    """Token -> row of the folded table."""
    sentence = manifest["sentence"]
    chromosomes = sorted({chromosome for _, chromosome, _ in genes.values()})
    order = [sentence["pad"], sentence["cls"], sentence["chromosomeEnd"]]
    order += [chromosome + sentence["chromosomeOffset"] for chromosome in chromosomes]
    order += [token for token, _, _ in genes.values()]
    rows = {}
    for token in order:
        rows.setdefault(token, len(rows))
    return rows


def positions(length, width):
    """As PyTorch computes them: frequencies and phases in float32."""
    step = np.float32(-math.log(10000.0) / width)
    columns = np.arange(0, width, 2).astype(np.float32)
    frequency = np.exp((columns * step).astype(np.float64)).astype(np.float32)
    phase = (np.arange(length).astype(np.float32)[:, None] * frequency).astype(np.float64)
    table = np.zeros((length, width))
    table[:, 0::2], table[:, 1::2] = np.sin(phase), np.cos(phase)
    return table.astype(np.float32).astype(np.float64)


def layer_norm(x, w, name, epsilon):
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon) * w[name + ".weight"] + w[name + ".bias"]


def encode(w, table, shape, rows):
    """Outputs of every layer (length x width each) and the unit vector of the cell."""
    heads, width, epsilon = shape["heads"], shape["width"], shape["layerNormEpsilon"]
    size, x, layers = width // heads, table[rows] + positions(len(rows), width), []
    for layer in range(shape["layers"]):
        n = f"layers.{layer}."
        bias = w[n + "attention.bias"].reshape(3, width)
        q, k, v = ((x @ w[n + f"attention.{part}.weight"] + bias[i]).reshape(-1, heads, size).transpose(1, 0, 2)
                   for i, part in enumerate(("query", "key", "value")))
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(size)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = ((scores / scores.sum(axis=-1, keepdims=True)) @ v).transpose(1, 0, 2).reshape(-1, width)
        x = layer_norm(x + mixed @ w[n + "attention.output.weight"] + w[n + "attention.output.bias"], w, n + "norm1", epsilon)
        hidden = forward.gelu(x @ w[n + "linear1.weight"] + w[n + "linear1.bias"])
        x = layer_norm(x + hidden @ w[n + "linear2.weight"] + w[n + "linear2.bias"], w, n + "norm2", epsilon)
        layers.append(x)
    out = layer_norm(x @ w["output.0.weight"] + w["output.0.bias"], w, "output.0.norm", epsilon)[0]
    return layers, out / max(np.linalg.norm(out), 1e-12)


def logits(w, table, shape, cell, rows):
    x = cell @ w["cell.weight"] + table[rows] @ w["gene.weight"] + w["linear.0.bias"]
    for block in range(1, len(shape["expression"]) - 1):
        x = forward.gelu(layer_norm(x, w, f"norm.{block - 1}", shape["layerNormEpsilon"]))
        x = x @ w[f"linear.{block}.weight"] + w[f"linear.{block}.bias"]
    return x[:, 0]


# --- what is expected -------------------------------------------------------------------------------------------------

def cells_of(path, genes):
    import anndata
    data = anndata.read_h5ad(path)
    names = sentences.gene_names(data.var)
    matched = np.array([i for i, name in enumerate(names) if name in genes])
    facts = np.array([genes[names[i]] for i in matched], dtype=np.int64)
    counts = np.asarray(data.X.todense() if hasattr(data.X, "todense") else data.X)[:, matched]
    usable = [row for row in range(data.n_obs) if sentences.status_of(counts[row]) == "ok"]
    rows = [usable[i * len(usable) // CELLS] for i in range(CELLS)]
    return data, len(matched), facts, counts, rows


def stages(path, genes):
    data, matched, facts, counts, rows = cells_of(path, genes)
    cells = []
    for place, row in enumerate(rows):
        probabilities = sentences.cell_probabilities(counts[row])
        drawn, _, tokens = sentences.cell_sentence(probabilities, *facts.T, row)
        cell = {"row": int(row), "tokens": packed(tokens, "<u2")}
        if place < LOOKED_AT:
            stored = np.nonzero(probabilities)[0]
            cdf = probabilities.astype(np.float64).cumsum()
            cdf = (cdf / cdf[-1])[stored]
            at = np.linspace(0, len(stored) - 1, CDF_PLACES).astype(int)
            place_of = {gene: i for i, gene in enumerate(stored)}
            cell |= {"probabilities": packed(probabilities[stored], "<f4"), "cdfAt": packed(at, "<i4"),
                     "cdf": packed(cdf[at], "<f8"), "draws": packed([place_of[gene] for gene in drawn], "<u2")}
        cells.append((cell, tokens))
    return {"cells": data.n_obs, "genes": data.n_vars, "matched": matched}, cells


def variant(precision, manifest, genes, cells):
    shape, row_of = manifest["architecture"], table_rows(genes, manifest)
    table = read_weights(MODEL / f"table.{precision}.safetensors")["table"]
    encoder = read_weights(MODEL / f"encoder.{precision}.safetensors")
    head = read_weights(MODEL / f"expression.{precision}.safetensors")
    asked = [token for token, _, _ in genes.values()][:: len(genes) // GENES][:GENES]
    rows = [row_of[token] for token in asked]
    layers, vectors, predictions = [], [], []
    for place, (_, tokens) in enumerate(cells):
        outputs, vector = encode(encoder, table, shape, np.array([row_of[token] for token in tokens]))
        vectors.append(vector)
        if place < LOOKED_AT:
            # The last layer is computed for CLS alone.
            layers.append([output[list(LAYER_ROWS)] for output in outputs[:-1]])
            layers[-1].append(outputs[-1][[0] * len(LAYER_ROWS)])
            predictions.append(logits(head, table, shape, vector, rows))
    tokens = [manifest["sentence"]["cls"], manifest["sentence"]["chromosomeEnd"], *asked[:14]]
    return {"precision": precision, "rowTokens": tokens, "rows": packed(table[[row_of[token] for token in tokens]], "<f4"),
            "layers": packed(layers, "<f4"), "vectors": packed(vectors, "<f8"), "logitGenes": asked,
            "logits": packed(predictions, "<f8")}


def folding():
    """A small checkpoint's input side and its folded rows: forward.py's unfolded arithmetic."""
    rng = np.random.default_rng(20261127)
    width, wide, count = FOLD["width"], FOLD["inputWidth"], FOLD["tokens"]
    shapes = {"uce.embedding_layer.embedding.weight": (count, wide), "uce.embedding_layer.layer_norm.weight": (wide,),
              "uce.embedding_layer.layer_norm.bias": (wide,), "uce.input_gene_embedding_projector.0.weight": (width, wide),
              "uce.input_gene_embedding_projector.0.bias": (width,), "uce.input_gene_embedding_projector.1.weight": (width,),
              "uce.input_gene_embedding_projector.1.bias": (width,)}
    w = {name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}
    rows = forward.token_inputs({name: values.astype(np.float64) for name, values in w.items()}, np.arange(count))
    return {**FOLD, "tensors": {name: packed(values, "<f4") for name, values in w.items()}, "rows": packed(rows, "<f8")}


def identity():
    """sha256 of manifest.json without its training sets, on which no result depends (docs/formats.md)."""
    import re
    text = re.sub(r',\n  "trainedOn": \[.*?\n  \](?=[,\n])', "", (MODEL / "manifest.json").read_text(), flags=re.S)
    return hashlib.sha256(text.encode()).hexdigest()


def model_identity():
    """SHA-256 of the manifest without its last field, what is said of the training sets (docs/formats.md)."""
    text = (MODEL / "manifest.json").read_text()
    cut = text.find(',\n  "trainedOn":')
    return hashlib.sha256((text if cut < 0 else text[:cut] + "\n}\n").encode()).hexdigest()


def expected(path):
    manifest = json.loads((MODEL / "manifest.json").read_text())
    genes = sentences.read_genes(str(ROOT / "src/data/human-genes.csv"))
    file, cells = stages(path, genes)
    return {"made": {"by": "tests/reference/parity.py", "numpy": np.__version__, "python": sys.version.split()[0]},
            "model": identity(), "file": file,
            "lookedAt": LOOKED_AT, "layerRows": list(LAYER_ROWS), "cells": [cell for cell, _ in cells],
            "fold": folding(), "variants": [variant(v["precision"], manifest, genes, cells) for v in manifest["variants"]]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("demo")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    found = expected(options.demo)
    if not options.check:
        OUT.write_text(json.dumps(found) + "\n")
        print(f"{OUT.relative_to(ROOT)}: {OUT.stat().st_size} bytes, rows {[cell['row'] for cell in found['cells']]}")
        return
    kept = json.loads(OUT.read_text())
    same = {key: kept[key] == found[key] for key in found if key not in ("made", "variants")}
    for before, now in zip(kept["variants"], found["variants"]):
        floats = [np.frombuffer(base64.b64decode(v["vectors"]["base64"]), "<f8") for v in (before, now)]
        same[before["precision"]] = bool(np.abs(floats[0] - floats[1]).max() < 1e-12)
    print(same)
    sys.exit(int(not all(same.values())))


if __name__ == "__main__":
    main()
