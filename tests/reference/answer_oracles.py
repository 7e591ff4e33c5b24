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


def neighbors(vectors, k):
    """The k nearest others of each row, Euclidean, by comparing all pairs in float64; of equals the lower number."""
    vectors = vectors.astype(np.float64)
    found, far = np.empty((len(vectors), k), int), np.empty((len(vectors), k))
    for i, vector in enumerate(vectors):
        distances = np.sqrt(((vectors - vector) ** 2).sum(axis=1))
        distances[i] = np.inf
        order = np.argsort(distances, kind="stable")[:k]
        found[i], far[i] = order, distances[order]
    return found, far


def lisi(found, far, codes, perplexity):
    """Korsunsky and others 2019: inverse Simpson index of neighbors weighted by exp(-beta d), beta by the perplexity."""
    from scipy import optimize

    result = []
    for near, distances in zip(found, far):
        shifted = distances - distances.min()

        def entropy(log_beta):
            weights = np.exp(-np.exp(log_beta) * shifted)
            weights = weights / weights.sum()
            return stats.entropy(weights) - np.log(min(perplexity, len(near)))

        if shifted.max() == 0 or perplexity >= len(near):
            weights = np.ones(len(near))
        else:
            weights = np.exp(-np.exp(optimize.brentq(entropy, -50 - np.log(shifted.max()), 50 - np.log(shifted.max()), xtol=1e-14, rtol=1e-14, maxiter=1000)) * shifted)
        shares = np.bincount(codes[near], weights=weights / weights.sum())
        result.append(1 / (shares**2).sum())
    return np.array(result)


def mutual_information(a, b):
    table = np.array([[((a == i) & (b == j)).sum() for j in np.unique(b)] for i in np.unique(a)]) / len(a)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    shared = stats.entropy(rows) + stats.entropy(columns) - stats.entropy(table.ravel())
    return 2 * shared / (stats.entropy(rows) + stats.entropy(columns))


def adjusted_rand(a, b):
    table = np.array([[((a == i) & (b == j)).sum() for j in np.unique(b)] for i in np.unique(a)])
    pairs = lambda n: (n * (n - 1) / 2).sum()
    expected = pairs(table.sum(axis=1)) * pairs(table.sum(axis=0)) / pairs(np.array([len(a)]))
    most = (pairs(table.sum(axis=1)) + pairs(table.sum(axis=0))) / 2
    return (pairs(table) - expected) / (most - expected)


def connectivity(found, codes):
    from scipy import sparse

    n = len(codes)
    rows = np.repeat(np.arange(n), found.shape[1])
    graph = sparse.csr_matrix((np.ones(found.size), (rows, found.ravel())), shape=(n, n))
    shares = []
    for code in np.unique(codes):
        cells = np.where(codes == code)[0]
        _, pieces = sparse.csgraph.connected_components(graph[cells][:, cells], directed=False)
        shares.append(np.bincount(pieces).max() / len(cells))
    return np.mean(shares)


def silhouette(vectors, codes):
    """Rousseeuw 1987, all pairs, by cosine distance."""
    unit = vectors.astype(np.float64)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    distances = 1 - unit @ unit.T
    widths = np.zeros(len(codes))
    for i, code in enumerate(codes):
        mine = (codes == code) & (np.arange(len(codes)) != i)
        if mine.sum() == 0:
            continue
        a = distances[i, mine].mean()
        b = min(distances[i, codes == other].mean() for other in np.unique(codes) if other != code)
        widths[i] = (b - a) / max(a, b)
    return widths


def kbet(vectors, batches):
    """Share of cells whose neighborhood passes the chi-square test; all cells of one label."""
    present, codes = np.unique(batches, return_inverse=True)
    n = len(codes)
    size = min(n, max(10, min(70, int(n / len(present) / 4))))
    found, _ = neighbors(vectors, size - 1)
    expected = np.bincount(codes) / n * size
    passed = 0
    for i in range(n):
        observed = np.bincount(codes[np.append(found[i], i)], minlength=len(present))
        passed += stats.chisquare(observed, expected).pvalue >= 0.05
    return passed / n


def component_regression(vectors, batches):
    """Principal components of all dimensions, R2 of each on the batch, weighted by variance."""
    centered = vectors.astype(np.float64) - vectors.astype(np.float64).mean(axis=0)
    u, s, _ = np.linalg.svd(centered, full_matrices=False)
    scores = u * s
    design = (batches[:, None] == np.unique(batches)[None]).astype(float)
    fitted = design @ np.linalg.lstsq(design, scores, rcond=None)[0]
    r2 = (fitted**2).sum(axis=0) / np.maximum((scores**2).sum(axis=0), 1e-300)
    return (s**2 * r2).sum() / (s**2).sum()


def integration(vectors, labels, batches, clusters):
    """scIB's metrics of one space, from the formulas; `clusters` are those that NMI and ARI are asked of."""
    n = len(labels)
    wide = min(90, n - 1)
    found, far = neighbors(vectors, wide)
    groups = len(np.unique(labels))
    scores = {
        "nmi": mutual_information(clusters, labels),
        "ari": adjusted_rand(clusters, labels),
        "graphConnectivity": connectivity(found[:, :14], labels),
        "clisi": (groups - np.median(lisi(found, far, labels, wide // 3))) / (groups - 1),
        "silhouetteLabel": (silhouette(vectors, labels).mean() + 1) / 2,
    }
    if batches is None:
        return scores
    scores["ilisi"] = (np.median(lisi(found, far, batches, wide // 3)) - 1) / (len(np.unique(batches)) - 1)
    scores["batchVariance"] = component_regression(vectors, batches)
    mixing, rates, overlap = [], [], []
    for label in np.unique(labels):
        mine = labels == label
        present, codes = np.unique(batches[mine], return_inverse=True)
        if len(present) < 2 or mine.sum() < 10:
            continue
        k = min(90, mine.sum() - 1)
        mixing.append((lisi(*neighbors(vectors[mine], k), codes, max(1, k // 3)) - 1) / (len(present) - 1))
        rates.append(kbet(vectors[mine], codes))
        overlap.append((1 - np.abs(silhouette(vectors[mine], codes))).mean())
    scores.update(cilisi=np.concatenate(mixing).mean(), cilisiMeans=np.mean([m.mean() for m in mixing]), kbet=np.mean(rates), silhouetteBatch=np.mean(overlap))
    return scores


def gene_set(counts, columns):
    """UCell's score from its formula (Andreatta and Carmona 2021), for each cell."""
    last = min(1500, counts.shape[1])
    ranks = stats.rankdata(-np.asarray(counts, dtype=float), axis=1)[:, columns]
    n = len(columns)
    capped = np.where(ranks > last, last + 1, ranks)
    scores = 1 - (capped.sum(axis=1) - n * (n + 1) / 2) / (n * last)
    return np.where((ranks > last).all(axis=1), 0, scores)
