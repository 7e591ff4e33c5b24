"""torch-bench.py MODEL [--quick]: milliseconds a cell of the suite's model in PyTorch, on a CUDA device or else the CPU, as one JSON object a line (scripts/bench/torch.ts reads
them). MODEL is the folder that `npm run bench` makes: model.json, weights.bin and the reference's vectors. The folded table is used; all rows of the last layer are computed, as
the public code does. Vectors of the compared cells are written beside the model, so that these figures are checked as all others are."""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--quick", action="store_true")
args = parser.parse_args()

index = json.load(open(os.path.join(args.model, "model.json")))
shape = index["architecture"]
D, HEADS, LAYERS = shape["width"], shape["heads"], shape["layers"]
flat = np.fromfile(os.path.join(args.model, "weights.bin"), np.float32)
raw, at = {}, 0
for tensor in index["tensors"]:
    raw[tensor["name"]] = torch.from_numpy(flat[at : at + tensor["size"]].copy())
    at += tensor["size"]

device = "cuda" if torch.cuda.is_available() else "cpu"
fused = hasattr(F, "scaled_dot_product_attention")


class Encoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        for name, values in raw.items():
            if name.startswith("wide."):
                continue
            if name.endswith(".weight") and "norm" not in name:
                inputs = shape["feedForward"] if ".linear2." in name else D
                values = values.view(inputs, -1).t().contiguous()
            elif name in ("table", "positions"):
                values = values.view(-1, D)
            self.register_buffer(name.replace(".", "_"), values)
        for layer in range(LAYERS):
            parts = [getattr(self, f"layers_{layer}_attention_{part}_weight") for part in ("query", "key", "value")]
            self.register_buffer(f"qkv_{layer}", torch.cat(parts))

    def norm(self, x, name):
        return F.layer_norm(x, (D,), getattr(self, name + "_weight"), getattr(self, name + "_bias"), 1e-5)

    def attend(self, q, k, v):
        if fused:
            return F.scaled_dot_product_attention(q, k, v)
        return torch.softmax(q @ k.transpose(-1, -2) / (D // HEADS) ** 0.5, -1) @ v

    def forward(self, rows):
        x = self.table[rows] + self.positions[: rows.shape[1]]
        for layer in range(LAYERS):
            at = f"layers_{layer}_"
            linear = lambda x, name: F.linear(x, getattr(self, at + name + "_weight"), getattr(self, at + name + "_bias"))
            qkv = F.linear(x, getattr(self, f"qkv_{layer}"), getattr(self, at + "attention_bias"))
            q, k, v = (part.view(len(x), -1, HEADS, D // HEADS).transpose(1, 2) for part in qkv.chunk(3, -1))
            attended = self.attend(q, k, v).transpose(1, 2).reshape(len(x), -1, D)
            x = self.norm(x + linear(attended, "attention_output"), at + "norm1")
            x = self.norm(x + linear(F.gelu(linear(x, "linear1")), "linear2"), at + "norm2")
        out = self.norm(F.linear(x[:, 0], self.output_0_weight, self.output_0_bias), "output_0_norm").float()
        return out / out.norm(dim=-1, keepdim=True).clamp_min(1e-12)


def sentences(cells, length):
    path = os.path.join(args.model, f"rows-{length}.bin")
    known = torch.from_numpy(np.fromfile(path, np.int32).astype(np.int64)).view(-1, length)
    return known[torch.arange(cells) % len(known)].to(device)


def spread(times):
    times = sorted(times)
    return {"n": len(times), "median": times[len(times) // 2], "low": times[0], "high": times[-1]}


def measure(run, batch, length):
    rows = sentences(batch, length)
    times, begin = [], time.time()
    while True:
        run(rows).cpu()
        if device == "cpu" or time.time() - begin > 0.7:
            break
    begin = time.time()
    while len(times) < 3 or (len(times) < 15 and time.time() - begin < 4):
        start = time.perf_counter()
        run(rows).cpu()
        times.append((time.perf_counter() - start) * 1e3 / batch)
    return spread([float(f"{value:.4g}") for value in times])


def tell(**line):
    print(json.dumps(line), flush=True)


attention = "scaled_dot_product_attention" if fused else "attention of two products and a softmax"
tell(kind="version", version=torch.__version__, attention=attention, device=device)
model = Encoder().to(device).eval()
long = 96 if args.quick else 1072
ways = [("float32", torch.float32)] + ([("tf32", torch.float32), ("float16", torch.float16)] if device == "cuda" else [])
threads = None if device == "cuda" else torch.get_num_threads()
with torch.inference_mode():
    for numbers, dtype in ways:
        torch.backends.cuda.matmul.allow_tf32 = numbers == "tf32"
        model.to(dtype)
        for compiled in (False, True) if device == "cuda" else (False,):
            run = torch.compile(model) if compiled else model
            vectors = os.path.join(args.model, f"torch-{numbers}-{compiled}.bin")
            batches = (1, 2) if args.quick else (1, 8, 32) if device == "cuda" else (1, 4)
            batches = batches[-1:] if compiled else batches
            run(sentences(32 if compiled else 8, long))[:8].float().cpu().numpy().astype(np.float32).tofile(vectors)
            for batch in batches:
                tell(kind="row", numbers=numbers, batch=batch, length=long, threads=threads, compiled=compiled, ms=measure(run, batch, long), vectors=vectors)
