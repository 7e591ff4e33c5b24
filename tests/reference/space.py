"""Fixtures of neighbors, components, scores and layout, computed by numpy, scikit-learn and umap-learn.

    /usr/bin/python3 tests/reference/space.py tests/fixtures/space

Written with numpy 1.24.2, scikit-learn 1.2.1, umap-learn 0.5.3 (Debian 12: python3-numpy python3-sklearn umap-learn).
Every number that a test starts from is rounded, so that float32 and decimal text hold the same value.
"""
import json
import sys
from pathlib import Path

import numpy as np
import sklearn
import umap
from sklearn.manifold import trustworthiness
from sklearn.metrics import balanced_accuracy_score, confusion_matrix
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params

CELLS, WIDTH, CLASSES, BATCHES = 300, 10, 6, 3


def rounded(values, digits):
    return np.round(np.asarray(values, dtype=np.float64), digits)


def structured(rng):
    """Five clusters of different size and a path that leaves the first, in two unequal batches and a third."""
    labels = rng.choice(CLASSES, CELLS, p=[0.3, 0.2, 0.2, 0.1, 0.05, 0.15])
    centers = rng.normal(size=(CLASSES, WIDTH)) * 1.2
    vectors = centers[labels] + rng.normal(size=(CELLS, WIDTH)) * 0.6
    along = labels == CLASSES - 1
    vectors[along] = centers[0] + rng.uniform(0, 1, (along.sum(), 1)) * (centers[CLASSES - 1] - centers[0])
    vectors[along] += rng.normal(size=(along.sum(), WIDTH)) * 0.3
    batches = rng.choice(BATCHES, CELLS, p=[0.5, 0.35, 0.15])
    batches[labels == 4] = 1
    vectors += 0.25 * rng.normal(size=(BATCHES, WIDTH))[batches]
    labels[rng.choice(CELLS, 12, replace=False)] = -1
    return rounded(vectors, 4).astype(np.float32), labels, batches


def nearest(vectors, k, metric, allowed=None):
    """Neighbors by a full sort, lower number first at ties; `allowed` masks candidates."""
    x = vectors.astype(np.float64)
    if metric == "cosine":
        u = x / np.linalg.norm(x, axis=1, keepdims=True)
        distances = 1 - u @ u.T
    else:
        distances = np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1))
    np.fill_diagonal(distances, np.inf)
    if allowed is not None:
        distances = np.where(allowed, distances, np.inf)
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(distances, order, 1)


def agreement(vectors, labels, k, batches=None):
    keep = labels >= 0
    excluded = []
    if batches is not None:
        excluded = [c for c in range(CLASSES) if len(set(batches[labels == c])) == 1]
        keep &= ~np.isin(labels, excluded)
    x, y = vectors[keep], labels[keep]
    allowed = None if batches is None else batches[keep][:, None] != batches[keep][None]
    order, _ = nearest(x, k, "cosine", allowed)
    told = []
    for votes in y[order]:
        counts = np.bincount(votes, minlength=CLASSES)
        told.append(next(v for v in votes if counts[v] == counts.max()))
    confusion = confusion_matrix(y, told, labels=range(CLASSES))
    return {
        "count": int(keep.sum()),
        "accuracy": float(np.mean(y == told)),
        "macroRecall": float(balanced_accuracy_score(y, told)),
        "confusion": confusion.ravel().tolist(),
        "majority": float(np.bincount(y).max() / len(y)),
        "excluded": excluded,
    }


def mixing(vectors, batches, k, labels=None):
    labels = np.zeros(len(batches), int) if labels is None else labels
    classes, observed, expected = [], [], []
    for c in sorted(set(labels[labels >= 0])):
        of_class = labels == c
        b = batches[of_class]
        if len(set(b)) < 2:
            continue
        order, _ = nearest(vectors[of_class], min(k, len(b) - 1), "cosine")
        seen = (b[order] != b[:, None]).mean(1)
        chance = np.array([(b != mine).sum() / (len(b) - 1) for mine in b])
        classes.append({"label": int(c), "cells": len(b), "observed": seen.mean(), "expected": chance.mean()})
        observed.extend(seen)
        expected.extend(chance)
    return {"observed": np.mean(observed), "expected": np.mean(expected), "classes": classes}


def trust(space, plane, k, metric):
    return float(trustworthiness(space, plane, n_neighbors=k, metric=metric))


def components(matrix, count):
    centered = matrix - matrix.mean(0)
    u, s, vt = np.linalg.svd(centered, full_matrices=False)
    signs = np.sign(vt[np.arange(len(vt)), np.abs(vt).argmax(1)])
    scores = (u * s * signs)[:, :count]
    return {
        "scores": rounded(scores, 7).ravel().tolist(), "variance": (s[:count] ** 2 / (len(matrix) - 1)).tolist(),
        "totalVariance": float((centered ** 2).sum() / (len(matrix) - 1)),
    }


def counts(rng, cells=100, genes=300):
    profile = rng.lognormal(-1.5, 1.2, size=(4, genes))
    matrix = rng.poisson(profile[rng.integers(0, 4, cells)] * rng.uniform(0.3, 2, (cells, 1)))
    matrix[7] = 0
    indptr = np.r_[0, np.cumsum((matrix > 0).sum(1))]
    normalized = np.log1p(matrix / np.maximum(matrix.sum(1, keepdims=True), 1) * 1e4)
    rows, columns = np.nonzero(matrix)
    return {
        "cells": cells, "genes": genes, "indptr": indptr.tolist(), "indices": columns.tolist(),
        "values": matrix[rows, columns].tolist(), **components(normalized, 30),
    }


def main(folder):
    rng = np.random.default_rng(20240611)
    vectors, labels, batches = structured(rng)
    sought = NearestNeighbors(n_neighbors=7, metric="cosine").fit(vectors.astype(float)).kneighbors()
    assert np.allclose(nearest(vectors, 7, "cosine")[1], sought[0])
    plane = rounded(vectors[:, :2] + 0.4 * rng.normal(size=(CELLS, 2)), 4).astype(np.float32)
    mapper = umap.UMAP(n_neighbors=15, min_dist=0.1, metric="cosine", random_state=42, init="random")
    learned = mapper.fit_transform(vectors)
    unit = vectors / np.linalg.norm(vectors.astype(float), axis=1, keepdims=True)
    gram = unit @ unit.T
    norms = np.linalg.norm(vectors.astype(float), axis=1)
    fixture = {
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "umap-learn": umap.__version__},
        "width": WIDTH, "classes": CLASSES, "vectors": rounded(vectors, 4).ravel().tolist(), "labels": labels.tolist(),
        "batches": batches.tolist(), "plane": rounded(plane, 4).ravel().tolist(),
        "neighbors": {
            metric: {
                "indices": nearest(vectors, 7, metric)[0].ravel().tolist(),
                "distances": rounded(nearest(vectors, 7, metric)[1], 9).ravel().tolist(),
            }
            for metric in ("cosine", "euclidean")
        },
        "trustworthiness": {
            metric: {str(k): trust(vectors.astype(float), plane.astype(float), k, metric) for k in (5, 15, 60)}
            for metric in ("cosine", "euclidean")
        },
        "agreement": {"plain": agreement(vectors, labels, 5), "acrossBatches": agreement(vectors, labels, 5, batches)},
        "mixing": {"all": mixing(vectors, batches, 15), "withinClass": mixing(vectors, batches, 15, labels)},
        "spread": {
            "meanCosine": float((gram.sum() - np.trace(gram)) / (CELLS * (CELLS - 1))),
            "norm": {"min": norms.min(), "mean": norms.mean(), "max": norms.max()},
        },
        "components": components(vectors.astype(float), 4),
        "umapLearn": {
            "trustworthiness": trust(vectors, learned, 15, "cosine"),
            "ab": [[s, d, *map(float, find_ab_params(s, d))] for s, d in ((1, 0.1), (1, 0.5), (1, 0.0), (2, 0.3))],
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("space", fixture), ("counts", counts(rng))):
        (folder / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
