"""Times the same transformer in PyTorch (scaled_dot_product_attention) on a CUDA device: python3 scripts/torch-bench.py. One JSON object a line, as the page that
scripts/make-kernel-bench.ts makes. All rows of the last layer are computed, as the public code does; the table and the output projection are left out."""
import json
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

WIDTH, HEADS, FEED_FORWARD, LENGTH, LAYERS = 512, 16, 2048, 1072, 8


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, FEED_FORWARD), nn.Linear(FEED_FORWARD, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)

    def forward(self, x):
        q, k, v = (part.view(len(x), -1, HEADS, WIDTH // HEADS).transpose(1, 2) for part in self.qkv(x).chunk(3, -1))
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(len(x), -1, WIDTH)
        x = self.norm1(x + self.out(attended))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


model = nn.Sequential(*[Layer() for _ in range(LAYERS)]).cuda().eval()
for name, dtype, tf32 in (("float32", torch.float32, False), ("TF32", torch.float32, True), ("float16", torch.float16, False)):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    model.to(dtype)
    for batch in (1, 8, 32):
        x = torch.randn(batch, LENGTH, WIDTH, device="cuda", dtype=dtype)
        times = []
        with torch.inference_mode():
            begin = time.time()
            while time.time() - begin < 0.7:
                model(x)
                torch.cuda.synchronize()
            for _ in range(15):
                start = time.perf_counter()
                model(x)[:, 0].cpu()
                times.append((time.perf_counter() - start) * 1e3 / batch)
        times.sort()
        way = f"PyTorch {torch.__version__} SDPA {name}"
        print(json.dumps({"kind": "time", "way": way, "batch": batch, "ms": round(times[7], 3), "least": round(times[0], 3)}), flush=True)
