"""What checkpoints of other shapes than forward.py's give: fixtures/architectures/expected.json.

    python3 tests/reference/architectures.py            writes the fixture (seeded: always the same)
    python3 tests/reference/architectures.py --check    recomputes it and compares

numpy only, float64, one sentence at a time, without any of the workbook's shortcuts. Weights are hashes of their places,
which scripts/hashed-checkpoint.ts computes as well, so that no checkpoint has to be stored. Sentences are the first of
fixtures/model/reference.json.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np

from forward import FOLDER as MODEL, attention, gelu, linear, norm

FOLDER = MODEL.parent / "architectures"
SENTENCES = 10
BASE = {
    "model_type": "uce", "vocab_size": 170, "embedding_dim": 96, "d_model": 64, "nhead": 4, "num_layers": 2,
    "dim_feedforward": 128, "activation": "gelu", "max_sequence_length": 72, "padding_idx": 0,
    "use_embedding_layer_norm": True, "embedding_reduction": "cls", "output_embedding_dim": 64,
    "decoder_layer_dims": [128, 64, 32, 1], "positional_encoding_type": "sinusoidal",
}
CASES = {
    "learned positions": ({"positional_encoding_type": "learned"}, "F32"),
    "8 heads": ({"nhead": 8}, "F32"),
    "no embedding layer norm": ({"use_embedding_layer_norm": False}, "F32"),
    "384 wide": ({"d_model": 384, "nhead": 12, "num_layers": 1, "dim_feedforward": 1536, "output_embedding_dim": 384,
                  "decoder_layer_dims": [768, 64, 1]}, "F32"),
    "another vocabulary, output and depth": ({"vocab_size": 331, "output_embedding_dim": 48, "num_layers": 3,
                                              "decoder_layer_dims": [112, 16, 1]}, "F32"),
    "ReLU": ({"activation": "relu"}, "F32"),
    "float16": ({}, "F16"),
    "bfloat16": ({}, "BF16"),
}


def hashed(seed, shape, scale, around):
    count = math.prod(shape)
    x = (np.arange(count, dtype=np.uint64) + np.uint64(seed * 0x9E3779B9 % 2**32)).astype(np.uint32)
    with np.errstate(over="ignore"):
        x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        x = x ^ (x >> np.uint32(16))
    values = around + scale * ((x >> np.uint32(8)).astype(np.float64) / 2**24 - 0.5)
    return values.astype(np.float32).reshape(shape)


def sinusoids(rows, width):
    """As PyTorch computes them: frequencies and phases in float32."""
    step = np.float32(-math.log(10000.0) / width)
    frequency = np.exp((np.arange(0, width, 2, dtype=np.float32) * step).astype(np.float64)).astype(np.float32)
    phase = (np.arange(rows, dtype=np.float32)[:, None] * frequency).astype(np.float64)
    table = np.zeros((rows, 1, width), dtype=np.float32)
    table[:, 0, 0::2], table[:, 0, 1::2] = np.sin(phase), np.cos(phase)
    return table


def rounded(values, kind):
    """float32 values as the type of the file holds them: to nearest, ties to even."""
    if kind == "F32":
        return values
    if kind == "F16":
        return values.astype(np.float16).astype(np.float32)
    bits = values.view(np.uint32).astype(np.uint64)
    bits = (bits + 0x7FFF + ((bits >> np.uint64(16)) & np.uint64(1))) & np.uint64(0xFFFF0000)
    return bits.astype(np.uint32).view(np.float32)


def weights(config, kind):
    e, d, f, o = (config[k] for k in ("embedding_dim", "d_model", "dim_feedforward", "output_embedding_dim"))
    w = {}

    def add(name, shape, scale, around=0.0):
        w[name] = hashed(len(w) + 1, shape, scale, around)

    def matrix(name, outputs, inputs, gain):
        add(name, (outputs, inputs), 2.0 ** math.floor(math.log2(gain * math.sqrt(12) / math.sqrt(inputs)) + 0.501))

    def add_linear(name, outputs, inputs, gain=1.0):
        matrix(name + ".weight", outputs, inputs, gain)
        add(name + ".bias", (outputs,), 0.5)

    def add_norm(name, width):
        add(name + ".weight", (width,), 0.5, 1.0)
        add(name + ".bias", (width,), 0.5)

    add("uce.embedding_layer.embedding.weight", (config["vocab_size"], e), 4.0)
    if config["use_embedding_layer_norm"]:
        add_norm("uce.embedding_layer.layer_norm", e)
    add_linear("uce.input_gene_embedding_projector.0", d, e)
    add_norm("uce.input_gene_embedding_projector.1", d)
    add("uce.pos_encoder.pe", (config["max_sequence_length"], d), 4.0)
    if config["positional_encoding_type"] == "sinusoidal":
        w["uce.pos_encoder.pe"] = sinusoids(config["max_sequence_length"], d)
    for layer in range(config["num_layers"]):
        name = f"uce.transformer_encoder.layers.{layer}"
        matrix(name + ".self_attn.in_proj_weight", 3 * d, d, 2.2)
        add(name + ".self_attn.in_proj_bias", (3 * d,), 0.5)
        add_linear(name + ".self_attn.out_proj", d, d, 4.0)
        add_linear(name + ".linear1", f, d, 1.5)
        add_linear(name + ".linear2", d, f, 1.5)
        add_norm(name + ".norm1", d)
        add_norm(name + ".norm2", d)
    add_linear("uce.output_embedding_projector.0", o, d)
    add_norm("uce.output_embedding_projector.1", o)
    return {name: rounded(values, kind).astype(np.float64) for name, values in w.items()}


def embed(w, config, tokens):
    x = w["uce.embedding_layer.embedding.weight"][tokens]
    if config["use_embedding_layer_norm"]:
        x = norm(x, w, "uce.embedding_layer.layer_norm")
    x = gelu(norm(linear(x, w, "uce.input_gene_embedding_projector.0"), w, "uce.input_gene_embedding_projector.1"))
    x = x + w["uce.pos_encoder.pe"].reshape(-1, config["d_model"])[:len(tokens)]
    active = gelu if config["activation"] == "gelu" else lambda values: np.maximum(values, 0.0)
    for layer in range(config["num_layers"]):
        name = f"uce.transformer_encoder.layers.{layer}"
        x = norm(x + attention(x, w, name + ".self_attn", config["nhead"]), w, name + ".norm1")
        x = norm(x + linear(active(linear(x, w, name + ".linear1")), w, name + ".linear2"), w, name + ".norm2")
    out = norm(linear(x, w, "uce.output_embedding_projector.0"), w, "uce.output_embedding_projector.1")
    return out[0] / max(np.linalg.norm(out[0]), 1e-12)


def expected():
    sentences = json.loads((MODEL / "reference.json").read_text())["sentences"][:SENTENCES]
    cases = []
    for name, (changes, kind) in CASES.items():
        config = {**BASE, **changes}
        w = weights(config, kind)
        embeddings = [[round(float(v), 9) for v in embed(w, config, tokens)] for tokens in sentences]
        cases.append({"name": name, "type": kind, "config": config, "embeddings": embeddings})
    return cases


def main():
    cases = expected()
    if "--check" in sys.argv:
        before = json.loads((FOLDER / "expected.json").read_text())
        worst = max(np.abs(np.array(a["embeddings"]) - np.array(b["embeddings"])).max() for a, b in zip(cases, before))
        print(f"largest difference of an embedding: {worst:.1e}")
        sys.exit(int(worst > 2e-9))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "expected.json").write_text(json.dumps(cases) + "\n")
    for case in cases:
        vectors = np.array(case["embeddings"])
        print(case["name"], vectors.shape, "mean cosine between cells", round(float((vectors @ vectors.T).mean()), 3))


if __name__ == "__main__":
    main()
