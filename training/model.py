"""The small UCE-brain model in PyTorch, and its checkpoint in the public layout.

Functional on purpose: every function takes `p`, a dict from the public tensor names to tensors, so that rounded
weights (simulated 8-bit or float16 storage) go through the same code. Written for PyTorch 2; runs on 1.13 too.
"""
import json
import math
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

EPS = 1e-5
CLS, CHROMOSOME_OFFSET, CHROMOSOME_END = 1, 1000, 2000
LAYER = "uce.transformer_encoder.layers."
TABLE = "uce.embedding_layer.embedding.weight"


def config_of(layers=4, width=128, heads=4, vocabulary=33256):
    """The fields of the public config.json for a model of this size."""
    return {
        "vocab_size": vocabulary, "embedding_dim": width, "d_model": width, "nhead": heads, "num_layers": layers,
        "dim_feedforward": 4 * width, "activation": "gelu", "dropout": 0.0, "max_sequence_length": 2048,
        "padding_idx": 0, "use_embedding_layer_norm": True, "embedding_reduction": "cls",
        "output_embedding_dim": width, "decoder_layer_dims": [2 * width, 512, 512, 1],
        "positional_encoding_type": "sinusoidal",
    }


def initial_weights(config, rows, generator):
    """Random weights (float32, CPU) under the public names; the table has `rows` compact rows (see cells.py)."""
    d, e, f, o = (config[k] for k in ("d_model", "embedding_dim", "dim_feedforward", "output_embedding_dim"))
    p = {}

    def linear(name, outputs, inputs):
        bound = math.sqrt(6 / (inputs + outputs))
        p[name + "weight"] = (torch.rand(outputs, inputs, generator=generator) * 2 - 1) * bound
        p[name + "bias"] = torch.zeros(outputs)

    def norm(name, size):
        p[name + "weight"], p[name + "bias"] = torch.ones(size), torch.zeros(size)

    p[TABLE] = torch.randn(rows, e, generator=generator)
    norm("uce.embedding_layer.layer_norm.", e)
    linear("uce.input_gene_embedding_projector.0.", d, e)
    norm("uce.input_gene_embedding_projector.1.", d)
    for layer in range(config["num_layers"]):
        name = f"{LAYER}{layer}."
        linear(name + "self_attn.in_proj_", 3 * d, d)
        linear(name + "self_attn.out_proj.", d, d)
        linear(name + "linear1.", f, d)
        linear(name + "linear2.", d, f)
        norm(name + "norm1.", d)
        norm(name + "norm2.", d)
    linear("uce.output_embedding_projector.0.", o, d)
    norm("uce.output_embedding_projector.1.", o)
    dims = config["decoder_layer_dims"]
    for index, (inputs, outputs) in zip((1, 5, 9), zip(dims[:-1], dims[1:])):
        linear(f"expression_decoder.decoder.{index}.", outputs, inputs)
        if index != 9:
            norm(f"expression_decoder.decoder.{index + 1}.", outputs)
    return p


def layer_norm(p, name, x):
    return F.layer_norm(x, x.shape[-1:], p[name + "weight"], p[name + "bias"], EPS)


def apply_linear(p, name, x):
    return F.linear(x, p[name + "weight"], p[name + "bias"])


def fold(p):
    """Folded table x1 (spec 5): every token's row after embedding norm, projection, norm and GELU. [rows, D]"""
    x = layer_norm(p, "uce.embedding_layer.layer_norm.", p[TABLE])
    x = apply_linear(p, "uce.input_gene_embedding_projector.0.", x)
    return F.gelu(layer_norm(p, "uce.input_gene_embedding_projector.1.", x))


def sinusoids(length, width):
    """PE [length, width]: sine in even columns, cosine in odd ones."""
    angle = torch.arange(length).double()[:, None] * torch.exp(
        torch.arange(0, width, 2).double() * (-math.log(10000.0) / width))
    pe = torch.zeros(length, width, dtype=torch.float64)
    pe[:, 0::2], pe[:, 1::2] = torch.sin(angle), torch.cos(angle)
    return pe.float()


def attention(q, k, v, length, ends=None):
    """Softmax attention of [B, H, L, d]; keys from `length` [B] on are padding (None: no padding, the exact path)."""
    if length is None and hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v)
    batch, heads, queries, size = q.shape
    if queries > 1 and q.is_cuda and q.dtype == torch.bfloat16:
        if ends is not None:
            # Flash attention of ragged sentences: each sentence, then its padding as a sentence of its own.
            def flat(t):
                return t.transpose(1, 2).reshape(-1, heads, size)
            mixed = torch.ops.aten._flash_attention_forward(
                flat(q), flat(k), flat(v), ends, ends, k.shape[2], k.shape[2], 0.0, False, False)[0]
            return mixed.view(batch, -1, heads, size).transpose(1, 2)
        # The mask as eight more columns: one in the query, a large negative number in the padded keys.
        inside = torch.arange(k.shape[2], device=k.device)[None] < length[:, None]
        far = torch.zeros(inside.shape, dtype=k.dtype, device=k.device).masked_fill(~inside, -1e4)
        more = far[:, None, :, None].expand(-1, heads, -1, 1)
        k = torch.cat([k, more, torch.zeros_like(k[..., :7])], -1)
        q = torch.cat([q, torch.ones_like(q[..., :1]), torch.zeros_like(q[..., :7])], -1)
        v = torch.cat([v, torch.zeros_like(v[..., :8])], -1)
        return F.scaled_dot_product_attention(q, k, v, scale=1 / math.sqrt(size))[..., :size]
    scores = (q @ k.transpose(-1, -2)).float() / math.sqrt(size)
    if length is not None:
        inside = torch.arange(k.shape[2], device=k.device)[None] < length[:, None]
        scores = scores.masked_fill(~inside[:, None, None], -1e4)
    return torch.softmax(scores, -1).to(v.dtype) @ v


def encode(p, x, length, layers, heads, ends=None):
    """x = x1[tokens] + PE, [B, L, D] -> unnormalized cell embeddings [B, O]. The last layer runs for row 0 only."""
    batch, _, width = x.shape

    def split(t):
        return t.view(batch, -1, heads, width // heads).transpose(1, 2)

    for layer in range(layers):
        name = f"{LAYER}{layer}."
        weight, shift = p[name + "self_attn.in_proj_weight"], p[name + "self_attn.in_proj_bias"]
        if layer == layers - 1:
            q = F.linear(x[:, :1], weight[:width], shift[:width])
            k, v = F.linear(x, weight[width:], shift[width:]).chunk(2, -1)
            x = x[:, :1]
        else:
            q, k, v = F.linear(x, weight, shift).chunk(3, -1)
        mixed = attention(split(q), split(k), split(v), length, ends).transpose(1, 2).reshape(batch, -1, width)
        x = layer_norm(p, name + "norm1.", x + apply_linear(p, name + "self_attn.out_proj.", mixed))
        inner = F.gelu(apply_linear(p, name + "linear1.", x))
        x = layer_norm(p, name + "norm2.", x + apply_linear(p, name + "linear2.", inner))
    out = apply_linear(p, "uce.output_embedding_projector.0.", x[:, 0])
    return layer_norm(p, "uce.output_embedding_projector.1.", out)


def unit(x):
    return F.normalize(x.float(), dim=-1, eps=1e-12)


def expression(p, cell, genes):
    """Logits [B, n]: cell [B, O] unit embeddings, genes [B or 1, n, D] rows of the folded table."""
    name = "expression_decoder.decoder."
    weight, outputs = p[name + "1.weight"], cell.shape[-1]
    hidden = F.linear(cell, weight[:, :outputs])[:, None] + F.linear(genes, weight[:, outputs:], p[name + "1.bias"])
    hidden = F.gelu(layer_norm(p, name + "2.", hidden))
    hidden = F.gelu(layer_norm(p, name + "6.", apply_linear(p, name + "5.", hidden)))
    return apply_linear(p, name + "9.", hidden).squeeze(-1)


def is_block_weight(name, tensor):
    """True for the matrices that the bundle stores in 8-bit blocks: all but the ones that folding uses up."""
    return tensor.dim() == 2 and name != TABLE and "input_gene_embedding_projector" not in name


def round_blocks(weight, block=32):
    """Symmetric 8-bit in blocks along the input dimension, float16 scales; straight-through gradient."""
    outputs, inputs = weight.shape
    parts = weight.detach().float().reshape(outputs, inputs // block, block)
    scale = (parts.abs().amax(-1, keepdim=True) / 127).half().float().clamp_min(1e-8)
    rounded = ((parts / scale).round().clamp(-127, 127) * scale).reshape(outputs, inputs)
    return weight + (rounded - weight).detach()


def round_rows(table):
    """Symmetric 8-bit with one float32 scale a row; straight-through gradient."""
    scale = (table.detach().abs().amax(-1, keepdim=True) / 127).clamp_min(1e-12)
    return table + ((table.detach() / scale).round().clamp(-127, 127) * scale - table).detach()


def public_tensors(p, config, token_ids):
    """The checkpoint's tensors (numpy float32) under the public names; compact row i becomes row token_ids[i]."""
    tensors = {name: value.detach().float().cpu().numpy() for name, value in p.items()}
    table = np.zeros((config["vocab_size"], config["embedding_dim"]), np.float32)
    table[np.asarray(token_ids)] = tensors[TABLE]
    tensors[TABLE] = table
    pe = sinusoids(config["max_sequence_length"], config["d_model"]).numpy()
    tensors["uce.pos_encoder.pe"] = pe[:, None]
    return tensors


def write_checkpoint(folder, p, config, token_ids):
    """Writes config.json and model.safetensors (float32) in the public layout."""
    os.makedirs(folder, exist_ok=True)
    tensors = public_tensors(p, config, token_ids)
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name in sorted(tensors):
        size = tensors[name].nbytes
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(folder, "model.safetensors"), "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(tensors):
            out.write(np.ascontiguousarray(tensors[name], "<f4").tobytes())
    with open(os.path.join(folder, "config.json"), "w") as out:
        json.dump(config, out, indent=2)
        out.write("\n")


def read_checkpoint(folder, token_ids):
    """Returns (weights with the compact table, config)."""
    config = json.load(open(os.path.join(folder, "config.json")))
    with open(os.path.join(folder, "model.safetensors"), "rb") as source:
        size = struct.unpack("<Q", source.read(8))[0]
        header, data = json.loads(source.read(size)), source.read()
    p = {}
    for name, item in header.items():
        if name in ("__metadata__", "uce.pos_encoder.pe"):
            continue
        start, end = item["data_offsets"]
        p[name] = torch.from_numpy(np.frombuffer(data[start:end], "<f4").reshape(item["shape"]).copy())
    p[TABLE] = p[TABLE][torch.as_tensor(np.asarray(token_ids)).long()]
    return p, config
