"""Scores of an embedding: nearest neighbors, agreement between two runs, area under the ROC curve. NumPy only."""
import numpy as np


def neighbors(z, k, cosine=True):
    """Indices [n, k] of each cell's nearest others, nearest first."""
    z = np.asarray(z, np.float64)
    if cosine:
        z = z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-12)
    square = (z ** 2).sum(1)
    out = np.empty((len(z), min(k, len(z) - 1)), np.int64)
    for start in range(0, len(z), 1024):
        block = slice(start, min(start + 1024, len(z)))
        distance = square[block, None] + square[None] - 2 * z[block] @ z.T
        distance[np.arange(distance.shape[0]), np.arange(block.start, block.stop)] = np.inf
        k = out.shape[1]
        near = np.sort(np.argpartition(distance, k - 1, axis=1)[:, :k], axis=1)
        order = np.argsort(np.take_along_axis(distance, near, 1), axis=1, kind="stable")
        out[block] = np.take_along_axis(near, order, 1)
    return out


def vote(near, labels):
    """Majority label among the neighbors; a tie goes to the tied label whose nearest member is closest."""
    ranks = labels[near]
    classes = labels.max() + 1
    votes = np.zeros((len(near), classes))
    for column in range(near.shape[1]):
        votes[np.arange(len(near)), ranks[:, column]] += 1 + 1e-3 * 0.5 ** column
    return votes.argmax(1)


def scores(predicted, labels):
    """(accuracy, macro recall)"""
    recall = [np.mean(predicted[labels == one] == one) for one in np.unique(labels)]
    return float(np.mean(predicted == labels)), float(np.mean(recall))


def leave_one_out(z, labels, k=5, cosine=True):
    """(accuracy, macro recall) of leave-one-out k-nearest-neighbor classification."""
    return scores(vote(neighbors(z, k, cosine), labels), labels)


def across_batches(z, labels, batches, k=5):
    """Leave-one-out with neighbors taken from other batches only: what is type where batch cannot help."""
    z = z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-12)
    similarity = z @ z.T
    similarity[batches[:, None] == batches[None]] = -np.inf
    return scores(vote(np.argsort(-similarity, axis=1, kind="stable")[:, :k], labels), labels)


def relative_error(a, b):
    """e of the Fidelity section: rms |a - b| over rms |b - mean b|."""
    return float(np.sqrt(((a - b) ** 2).sum(1).mean() / ((b - b.mean(0)) ** 2).sum(1).mean()))


def recall_15(a, b):
    """Mean share of the 15 nearest neighbors in b that are among the 15 nearest in a."""
    near_a, near_b = neighbors(a, 15), neighbors(b, 15)
    return float(np.mean([len(set(x) & set(y)) / len(y) for x, y in zip(near_a, near_b)]))


def mean_cosine(z):
    """Mean cosine between different cells: near 1 means collapse."""
    z = z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-12)
    n, total = len(z), z.sum(0)
    return float((total @ total - n) / (n * (n - 1)))


def auroc(score, positive):
    """Area under the ROC curve, ties counted half."""
    order = np.argsort(score, kind="stable")
    _, inverse, counts = np.unique(score[order], return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    hits = positive[order]
    n, m = hits.sum(), (~hits).sum()
    return float((rank[hits].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")
