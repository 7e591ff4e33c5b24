"""Independent float64 forward pass of a UCE-brain checkpoint, and the fixture that the model's tests compare with.

    python3 tests/reference/forward.py            writes tests/fixtures/model/ (seeded: always the same files)
    python3 tests/reference/forward.py --check    recomputes the outputs from the committed checkpoints and compares

numpy only. It reads the safetensors file itself and computes the unfolded model of the specification, in float64, one
sentence at a time, without any of the workbook's shortcuts (no folding, no fused operators, all rows of all layers).
The checkpoint is stored in float16, which holds its values exactly, to keep the fixture small.
"""
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "model"
EPSILON = 1e-5
erf = np.vectorize(math.erf, otypes=[np.float64])


# --- safetensors ------------------------------------------------------------------------------------------------------

def read_safetensors(path):
    raw = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    types = {"F64": np.float64, "F32": np.float32, "F16": np.float16}
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        values = np.frombuffer(raw[8 + length + start:8 + length + end], dtype=types[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"]).astype(np.float64)
    return tensors


def write_safetensors(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, values in tensors.items():
        blob = np.ascontiguousarray(values).tobytes()
        kind = {"float32": "F32", "float16": "F16"}[values.dtype.name]
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


# --- the model, as the specification has it ---------------------------------------------------------------------------

def layer_norm(x, weight, bias):
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + EPSILON) * weight + bias


def gelu(x):
    return 0.5 * x * (1.0 + erf(x / math.sqrt(2.0)))


def linear(x, w, name):
    return x @ w[name + ".weight"].T + w[name + ".bias"]


def norm(x, w, name):
    return layer_norm(x, w[name + ".weight"], w[name + ".bias"])


def token_inputs(w, tokens):
    x = w["uce.embedding_layer.embedding.weight"][tokens]
    x = norm(x, w, "uce.embedding_layer.layer_norm")
    x = linear(x, w, "uce.input_gene_embedding_projector.0")
    return gelu(norm(x, w, "uce.input_gene_embedding_projector.1"))


def attention(x, w, name, heads):
    length, width = x.shape
    size = width // heads
    packed = x @ w[name + ".in_proj_weight"].T + w[name + ".in_proj_bias"]
    q, k, v = (packed[:, i * width:(i + 1) * width].reshape(length, heads, size).transpose(1, 0, 2) for i in range(3))
    scores = q @ k.transpose(0, 2, 1) / math.sqrt(size)
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ v
    return linear(mixed.transpose(1, 0, 2).reshape(length, width), w, name + ".out_proj")


def embed(w, config, tokens):
    pe = w["uce.pos_encoder.pe"].reshape(-1, config["d_model"])
    x = token_inputs(w, tokens) + pe[:len(tokens)]
    for layer in range(config["num_layers"]):
        name = f"uce.transformer_encoder.layers.{layer}"
        x = norm(x + attention(x, w, name + ".self_attn", config["nhead"]), w, name + ".norm1")
        hidden = gelu(linear(x, w, name + ".linear1"))
        x = norm(x + linear(hidden, w, name + ".linear2"), w, name + ".norm2")
    out = norm(linear(x, w, "uce.output_embedding_projector.0"), w, "uce.output_embedding_projector.1")
    return out[0] / max(np.linalg.norm(out[0]), 1e-12)


def expression(w, cell, genes):
    x = np.concatenate([np.repeat(cell[None], len(genes), axis=0), token_inputs(w, genes)], axis=1)
    for index in (1, 5):
        x = gelu(norm(linear(x, w, f"expression_decoder.decoder.{index}"), w, f"expression_decoder.decoder.{index + 1}"))
    return linear(x, w, "expression_decoder.decoder.9")[:, 0]


# --- the fixture ------------------------------------------------------------------------------------------------------

CONFIG = {
    "model_type": "uce", "vocab_size": 170, "embedding_dim": 96, "d_model": 64, "nhead": 4, "num_layers": 2,
    "dim_feedforward": 128, "activation": "gelu", "max_sequence_length": 72, "padding_idx": 0,
    "use_embedding_layer_norm": True, "embedding_reduction": "cls", "output_embedding_dim": 64,
    "decoder_layer_dims": [128, 64, 32, 1], "positional_encoding_type": "sinusoidal",
}
SENTENCE = {"sampleSize": 48, "pad": 0, "cls": 1, "chromosomeEnd": 2, "chromosomeOffset": 3}
CHROMOSOMES = [0, 1, 2, 3, 5, 6]
FIRST_GENE, N_GENES = 12, 150


def make_genes(rng):
    starts = rng.permutation(100_000)[:N_GENES]
    tokens = rng.permutation(N_GENES) + FIRST_GENE
    return [
        {"symbol": f"GENE{i}", "token": int(tokens[i]), "chromosome": CHROMOSOMES[i % len(CHROMOSOMES)],
         "start": int(starts[i])}
        for i in range(N_GENES)
    ]


def make_checkpoint(rng):
    d, ff, wide = CONFIG["d_model"], CONFIG["dim_feedforward"], CONFIG["embedding_dim"]
    w = {}

    def add(name, *shape, scale=1.0, around=0.0):
        w[name] = (around + scale * rng.standard_normal(shape)).astype(np.float16)

    def add_linear(name, out, inputs, gain=1.0):
        add(name + ".weight", out, inputs, scale=gain / math.sqrt(inputs))
        add(name + ".bias", out, scale=0.2)

    def add_norm(name, width):
        add(name + ".weight", width, scale=0.2, around=1.0)
        add(name + ".bias", width, scale=0.2)

    add("uce.embedding_layer.embedding.weight", CONFIG["vocab_size"], wide)
    add_norm("uce.embedding_layer.layer_norm", wide)
    add_linear("uce.input_gene_embedding_projector.0", d, wide)
    add_norm("uce.input_gene_embedding_projector.1", d)
    position = np.arange(CONFIG["max_sequence_length"])[:, None]
    frequency = np.exp(np.arange(0, d, 2) * (-math.log(10000.0) / d))
    pe = np.zeros((CONFIG["max_sequence_length"], 1, d))
    pe[:, 0, 0::2], pe[:, 0, 1::2] = np.sin(position * frequency), np.cos(position * frequency)
    w["uce.pos_encoder.pe"] = pe.astype(np.float32)
    for layer in range(CONFIG["num_layers"]):
        name = f"uce.transformer_encoder.layers.{layer}"
        add(name + ".self_attn.in_proj_weight", 3 * d, d, scale=2.2 / math.sqrt(d))
        add(name + ".self_attn.in_proj_bias", 3 * d, scale=0.2)
        add_linear(name + ".self_attn.out_proj", d, d, gain=4.0)
        add_linear(name + ".linear1", ff, d, gain=1.5)
        add_linear(name + ".linear2", d, ff, gain=1.5)
        add_norm(name + ".norm1", d)
        add_norm(name + ".norm2", d)
    add_linear("uce.output_embedding_projector.0", CONFIG["output_embedding_dim"], d)
    add_norm("uce.output_embedding_projector.1", CONFIG["output_embedding_dim"])
    widths = CONFIG["decoder_layer_dims"]
    for block, index in enumerate((1, 5, 9)):
        add_linear(f"expression_decoder.decoder.{index}", widths[block + 1], widths[block], gain=1.5)
        if block < 2:
            add_norm(f"expression_decoder.decoder.{index + 1}", widths[block + 1])
    return w


def make_sentences(rng, genes, count):
    sentences = []
    for cell in range(count):
        chosen = rng.permutation(CHROMOSOMES)[:3 + cell % 4]
        expressed = [[g for g in genes if g["chromosome"] == c and rng.random() < 0.4] or
                     [g for g in genes if g["chromosome"] == c][:1] for c in chosen]
        which = np.concatenate([np.arange(len(chosen)), rng.integers(0, len(chosen), SENTENCE["sampleSize"] - len(chosen))])
        tokens = [SENTENCE["cls"]]
        for i, chromosome in enumerate(chosen):
            drawn = [expressed[i][rng.integers(len(expressed[i]))] for _ in range(int((which == i).sum()))]
            drawn.sort(key=lambda g: g["start"])
            tokens += [int(chromosome) + SENTENCE["chromosomeOffset"], *(g["token"] for g in drawn), SENTENCE["chromosomeEnd"]]
        sentences.append(tokens)
    return sentences


def outputs(w, learned, genes, sentences):
    embeddings = [embed(w, CONFIG, tokens) for tokens in sentences]
    targets = [g["token"] for g in genes[:12]]
    some = [SENTENCE["cls"], SENTENCE["chromosomeEnd"], *targets[:4]]
    return {
        "embeddings": [list(map(float, vector)) for vector in embeddings],
        "learnedEmbeddings": [list(map(float, embed({**w, **learned}, CONFIG, tokens))) for tokens in sentences[:8]],
        "expression": {
            "genes": targets,
            "logits": [list(map(float, expression(w, cell, targets))) for cell in embeddings[:6]],
        },
        "folded": {"tokens": some, "rows": [list(map(float, row)) for row in token_inputs(w, some)]},
    }


def main():
    if "--check" in sys.argv:
        fixture = json.loads((FOLDER / "reference.json").read_text())
        w = read_safetensors(FOLDER / "model.safetensors")
        learned = read_safetensors(FOLDER / "learned-positions.safetensors")
        again = outputs(w, learned, fixture["genes"], fixture["sentences"])
        worst = max(np.abs(np.array(again[key]) - np.array(fixture[key])).max() for key in ("embeddings", "learnedEmbeddings"))
        print(f"largest difference of an embedding: {worst:.1e}")
        sys.exit(int(worst > 1e-12))
    rng = np.random.default_rng(2023)
    FOLDER.mkdir(parents=True, exist_ok=True)
    genes = make_genes(rng)
    (FOLDER / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    write_safetensors(FOLDER / "model.safetensors", make_checkpoint(rng))
    positions = rng.standard_normal((CONFIG["max_sequence_length"], CONFIG["d_model"])).astype(np.float16)
    write_safetensors(FOLDER / "learned-positions.safetensors", {"uce.pos_encoder.pe": positions})
    w = read_safetensors(FOLDER / "model.safetensors")
    learned = read_safetensors(FOLDER / "learned-positions.safetensors")
    sentences = make_sentences(rng, genes, 32)
    reference = {"sentence": SENTENCE, "genes": genes, "sentences": sentences, **outputs(w, learned, genes, sentences)}
    (FOLDER / "reference.json").write_text(json.dumps(reference) + "\n")
    vectors = np.array(reference["embeddings"])
    cosine = vectors @ vectors.T
    print("lengths", sorted({len(s) for s in sentences}), "mean cosine between cells", round(float(cosine.mean()), 3))


if __name__ == "__main__":
    main()
