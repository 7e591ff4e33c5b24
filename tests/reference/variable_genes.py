"""Writes tests/fixtures/variable/variable-genes.json: made-up counts and their most variable genes, computed by numpy and
pandas as scanpy.pp.highly_variable_genes(flavor="seurat", n_top_genes=N) does (scanpy 1.9, preprocessing/_highly_variable_genes.py),
in float64. Run: /usr/bin/python3 tests/reference/variable_genes.py"""
import json
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
random = np.random.default_rng(7)
cells, genes = 60, 150
rates = random.lognormal(-1.2, 1.6, genes)
kinds = random.integers(0, 3, cells)
effect = np.where(random.random(genes) < 0.2, random.lognormal(0, 1, (3, genes)), 1.0)
depth = random.lognormal(0, 0.4, cells)
counts = random.poisson(depth[:, None] * rates[None, :] * effect[kinds]).astype(np.float64)
counts[:, :4] = 0
counts[17] = 0

total = counts.sum(axis=1, keepdims=True)
scaled = np.divide(counts * 1e4, total, out=np.zeros_like(counts), where=total > 0)
mean = scaled.mean(axis=0)
variance = scaled.var(axis=0, ddof=1)
mean = np.where(mean == 0, 1e-12, mean)
dispersion = variance / mean
dispersion[dispersion == 0] = np.nan
frame = pd.DataFrame({"means": np.log1p(mean), "dispersions": np.log(dispersion)})
frame["mean_bin"] = pd.cut(frame["means"], bins=20)
grouped = frame.groupby("mean_bin")["dispersions"]
center, deviation = grouped.mean(), grouped.std(ddof=1)
alone = deviation.isnull()
deviation[alone.values] = center[alone.values].values
center[alone.values] = 0
score = (frame["dispersions"].values - center[frame["mean_bin"].values].values) / deviation[frame["mean_bin"].values].values


def chosen(most):
    ranked = np.sort(score[~np.isnan(score)])[::-1]
    cutoff = ranked[min(most, ranked.size) - 1]
    return np.flatnonzero(np.nan_to_num(score, nan=-np.inf) >= cutoff).tolist()


alone_bins = int((frame.groupby("mean_bin")["dispersions"].count() == 1).sum())
assert alone_bins > 0
with open("tests/fixtures/variable/variable-genes.json", "w") as file:
    json.dump(
        {
            "counts": counts.astype(int).tolist(),
            "scores": [None if np.isnan(one) else one for one in score.tolist()],
            "chosen": {str(most): chosen(most) for most in (1, 20, 75, 1000)},
        },
        file,
    )
print(f"{cells} cells, {genes} genes, {alone_bins} bins of one gene, {int(np.isnan(score).sum())} genes without dispersion")
