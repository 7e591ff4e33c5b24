"""umap-learn's map of row-major float32 vectors, for scripts/measure-umap.ts --umap-learn (Debian: umap-learn):

    python3 scripts/umap-learn.py VECTORS WIDTH MAP

Writes x, y of each as float32 to MAP; prints processor and clock seconds of the fit, after one of 200 cells that compiles it.
"""
import sys
import time

import numpy as np
import umap

path, width, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
vectors = np.fromfile(path, np.float32).reshape(-1, width)
fit = lambda some: umap.UMAP(metric="cosine", n_neighbors=15, min_dist=0.1, random_state=42).fit_transform(some)
# More than 4,096 cells take another way to neighbors: both are compiled before.
fit(vectors[:200])
if len(vectors) > 4096:
    fit(vectors[:4200])
clock, processor = time.perf_counter(), time.process_time()
positions = fit(vectors)
print(time.process_time() - processor, time.perf_counter() - clock)
positions.astype(np.float32).tofile(out)
