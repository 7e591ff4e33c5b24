"""Markers as numpy and scipy compute them, from the definitions of the methods; nothing of ours."""
import numpy as np
from scipy import stats


def log_normalized(counts):
    """log(1 + counts per 10,000) in float64; a cell without counts stays zero."""
    counts = np.asarray(counts, dtype=np.float64)
    totals = counts.sum(axis=1, keepdims=True)
    return np.log1p(np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0) * 1e4)


def false_discovery(p):
    """Benjamini and Hochberg's step-up rates, as statsmodels' fdr_bh."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    rates = np.empty_like(scaled)
    rates[order] = np.minimum(1, np.minimum.accumulate(scaled[::-1])[::-1])
    return rates


def markers(values, inside, donors=None):
    """One group (a boolean a cell) against the other cells; values are log-normalized, cells x genes."""
    mine, others = values[inside], values[~inside]
    n1, n2 = len(mine), len(others)
    flat = (values == values[:1]).all(axis=0)
    statistic, p = np.zeros(values.shape[1]), np.ones(values.shape[1])
    for start in range(0, values.shape[1], 500):
        part = slice(start, start + 500)
        found = stats.mannwhitneyu(mine[:, part], others[:, part], use_continuity=False, alternative="two-sided", method="asymptotic", axis=0)
        statistic[part], p[part] = found.statistic, found.pvalue
    p[flat] = 1.0
    # z by scanpy's formulas: rank sums, their mean, and the deviation with the tie coefficient
    ranks = stats.rankdata(values, axis=0)
    n = n1 + n2
    tie = np.array([1 - ((t := np.unique(column, return_counts=True)[1].astype(float)) ** 3 - t).sum() / (n**3 - n) for column in values.T])
    deviation = np.sqrt(tie * n1 * n2 * (n + 1) / 12)
    score = np.divide(ranks[inside].sum(axis=0) - n1 * (n + 1) / 2, deviation, out=np.zeros_like(deviation), where=~flat)
    mean_in, mean_out = mine.mean(axis=0), others.mean(axis=0)
    found = {
        "auc": statistic / (n1 * n2),
        "score": score,
        "p": p,
        "q": false_discovery(p),
        "log2FoldChange": np.log2((np.expm1(mean_in) + 1e-9) / (np.expm1(mean_out) + 1e-9)),
        "meanIn": mean_in,
        "meanOut": mean_out,
        "shareIn": (mine > 0).mean(axis=0),
        "shareOut": (others > 0).mean(axis=0),
    }
    if donors is not None:
        asked = [d for d in np.unique(donors[donors >= 0]) if (inside & (donors == d)).sum() >= 5 and (~inside & (donors == d)).sum() >= 5]
        found["donors"] = len(asked)
        found["higher"] = sum((values[inside & (donors == d)].mean(axis=0) > values[~inside & (donors == d)].mean(axis=0)).astype(int) for d in asked) + np.zeros(values.shape[1], int)
    return found
