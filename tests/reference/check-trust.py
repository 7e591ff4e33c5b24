"""Every number of the page "Can I trust this map?" computed again, from the file and the vectors, without our code.

    node --import tsx scripts/trust-report.ts FILE --labels COLUMN [--batches COLUMN] --out DIR
    /usr/bin/python3 tests/reference/check-trust.py FILE DIR [FILE DIR ...]

Reads labels, batches and counts with anndata, vectors from DIR/*.npy, numbers from DIR/trust.json. Scores must agree to 1e-6,
counts exactly. Components are computed here in float64 by a full decomposition; votes and neighbors that could fall either
way, because distances differ by less than rounding, are counted and printed, never forgiven. numpy 1.24, anndata 0.8.
"""
import json
import re
import sys
import warnings

import anndata
import numpy as np

warnings.filterwarnings("ignore")
TOLERANCE = 1e-6
# Rounding: vectors are float32 on both sides and all else float64, so model cosines agree to about 1e-15; our components
# are stored as float32 and agree with a full decomposition to about 1e-6.
NEAR = {"model": 1e-12, "components": 2e-6}
UNLABELED = re.compile(r"^(unassigned|unknown|unlabel?ed|nan|na|n/a|none|)$", re.I)


class Check:
    def __init__(self):
        self.counts = self.scores = 0
        self.worst = 0.0
        self.faults = []

    def count(self, name, ours, mine):
        ours, mine = np.asarray(ours), np.asarray(mine)
        self.counts += max(1, mine.size)
        if ours.shape != mine.shape or (ours != mine).any():
            self.faults.append(f"{name}: ours {ours.tolist()}, here {mine.tolist()}")

    def score(self, name, ours, mine):
        ours, mine = np.array([np.nan if v is None else v for v in np.ravel(ours)], float), np.ravel(mine).astype(float)
        self.scores += mine.size
        if ours.shape != mine.shape or (np.isnan(ours) != np.isnan(mine)).any():
            return self.faults.append(f"{name}: ours {ours}, here {mine}")
        apart = np.nanmax(np.abs(ours - mine)) if (~np.isnan(mine)).any() else 0.0
        self.worst = max(self.worst, apart)
        if apart > TOLERANCE:
            self.faults.append(f"{name}: ours {ours}, here {mine}: {apart:.1e} apart")


def codes(values):
    """Class numbers by sorted name; missing labels are -1."""
    text = ["" if v is None or v != v else str(v) for v in values]
    names = sorted({t for t in text if not UNLABELED.match(t)})
    return names, np.array([names.index(t) if t in names else -1 for t in text])


def unit(vectors):
    x = np.asarray(vectors, np.float64)
    length = np.sqrt((x * x).sum(-1, keepdims=True))
    return x / np.where(length == 0, 1, length)


def nearest(vectors, k, allowed, near):
    """For every row its k nearest allowed others (-1 where there are fewer), and how many rows have a k-th that could be another."""
    u = unit(vectors)
    distance = 1 - u @ u.T
    np.fill_diagonal(distance, np.inf)
    distance = np.where(allowed, distance, np.inf)
    k = min(k, len(u) - 1)
    order = np.argsort(distance, axis=1, kind="stable")
    sorted_ = np.take_along_axis(distance, order, 1)
    with np.errstate(invalid="ignore"):
        gaps = np.diff(sorted_[:, : k + 1], axis=1)
    close = int((np.nan_to_num(gaps, nan=np.inf) < near).any(1).sum())
    return np.where(np.isinf(sorted_[:, :k]), -1, order[:, :k]), close


def agreement(vectors, labels, classes, near, batches=None):
    keep = labels >= 0
    excluded = []
    if batches is not None:
        keep &= batches >= 0
        excluded = [c for c in range(classes) if len(set(batches[keep & (labels == c)])) == 1]
        keep &= ~np.isin(labels, excluded)
    x, y = vectors[keep], labels[keep]
    if len(y) < 2:
        return None
    allowed = np.ones((len(y), len(y)), bool) if batches is None else batches[keep][:, None] != batches[keep]
    order, close = nearest(x, 5, allowed, near)
    confusion = np.zeros((classes, classes), int)
    for truth, voters in zip(y, order):
        votes = [y[v] for v in voters if v >= 0]
        most = max(votes.count(v) for v in votes)
        confusion[truth, next(v for v in votes if votes.count(v) == most)] += 1
    support = confusion.sum(1)
    with np.errstate(invalid="ignore"):
        recall = np.diag(confusion) / support
    return {
        "count": len(y), "accuracy": np.trace(confusion) / len(y), "macroRecall": np.nanmean(recall), "recall": recall,
        "support": support, "confusion": confusion.ravel(), "majority": support.max() / len(y), "excluded": excluded, "close": close,
    }


def mixing(vectors, labels, batches, near):
    rows, excluded, close = [], [], 0
    known = (labels >= 0) & (batches >= 0)
    for c in sorted(set(labels[known])):
        of = np.flatnonzero(known & (labels == c))
        b = batches[of]
        if len(set(b)) < 2:
            excluded.append(int(c))
            continue
        order, near_ties = nearest(vectors[of], 15, np.ones((len(of), len(of)), bool), near)
        close += near_ties
        rows.append((int(c), len(of), (b[order] != b[:, None]).mean(1), np.array([(b != one).sum() / (len(b) - 1) for one in b])))
    if not rows:
        return None
    return {
        "classes": [{"label": c, "cells": n, "observed": o.mean(), "expected": e.mean()} for c, n, o, e in rows],
        "observed": np.concatenate([o for *_, o, _ in rows]).mean(), "expected": np.concatenate([e for *_, e in rows]).mean(),
        "excluded": excluded, "close": close,
    }


def components(counts):
    counts = np.asarray(counts.todense() if hasattr(counts, "todense") else counts, np.float64)
    total = counts.sum(1, keepdims=True)
    x = np.log1p(counts / np.where(total == 0, 1, total) * 1e4)
    x -= x.mean(0)
    values, vectors = np.linalg.eigh(x @ x.T)
    take = np.argsort(values)[::-1][: min(30, len(x) - 1, x.shape[1])]
    return vectors[:, take] * np.sqrt(np.maximum(values[take], 0))


def distribution(cosines, start, bins=48):
    cosines = np.sort(cosines)
    place = np.clip(np.floor((cosines - start) / (1 - start) * bins), 0, bins - 1).astype(int)
    return {
        "count": len(cosines), "mean": cosines.mean() if len(cosines) else np.nan, "histogram": np.bincount(place, minlength=bins),
        "quantiles": np.quantile(cosines, [0.05, 0.25, 0.5, 0.75, 0.95]) if len(cosines) else [np.nan] * 5,
    }


def noise(draws, types):
    seeds, cells, _ = draws.shape
    u = unit(draws)
    upper = np.triu_indices(cells, 1)
    pairs = [(a, b) for a in range(seeds) for b in range(a + 1, seeds)]
    same = np.concatenate([(u[a] * u[b]).sum(1) for a, b in pairs])
    others = np.concatenate([(d @ d.T)[upper] for d in u])
    known = np.tile((types[upper[0]] >= 0) & (types[upper[1]] >= 0), seeds)
    alike = np.tile(types[upper[0]] == types[upper[1]], seeds)
    start = max(-1.0, np.floor(min(same.min(), others.min()) * 20) / 20)
    k = min(15, cells - 2)
    found = {
        "cells": cells, "seeds": seeds, "k": k, "chanceOverlap": k / (cells - 1), "from": start,
        "sameCell": distribution(same, start), "withinType": distribution(others[known & alike], start),
        "betweenTypes": distribution(others[known & ~alike], start), "allCells": distribution(others, start), "averages": [],
    }
    size = 1
    while 2 * size <= seeds:
        groups = [draws[g * size:(g + 1) * size].astype(np.float64).sum(0) for g in range(seeds // size)]
        means = [unit(g).astype(np.float32) if size > 1 else draws[i] for i, g in enumerate(groups)]
        of = [(a, b) for a in range(len(means)) for b in range(a + 1, len(means))]
        every = np.ones((cells, cells), bool)
        sums = np.zeros(4)
        for a, b in of:
            x, y = means[a].astype(np.float64), means[b].astype(np.float64)
            cosine = unit(x) @ unit(y).T
            own = np.diag(cosine)
            without = cosine - np.diag(np.full(cells, np.inf))
            error = np.sqrt(((y - x) ** 2).sum() / ((x - x.mean(0)) ** 2).sum())
            near_x, near_y = nearest(x, k, every, 0)[0], nearest(y, k, every, 0)[0]
            overlap = np.mean([len(set(p) & set(q)) / k for p, q in zip(near_x, near_y)])
            sums += [own.mean(), error, overlap, (own > without.max(1)).mean()]
        sums /= len(of)
        found["averages"].append({
            "averaged": size, "pairs": len(of), "cosine": sums[0], "relativeError": sums[1], "overlap": sums[2], "foundAgain": sums[3],
        })
        size *= 2
    return found


COUNTS = {"count", "support", "confusion", "excluded", "histogram", "cells", "seeds", "k", "averaged", "pairs", "label"}


def compare(check, name, ours, mine):
    if mine is None or ours is None:
        if (mine is None) != (ours is None):
            check.faults.append(f"{name}: ours {ours is not None}, here {mine is not None}")
        return
    for key, value in mine.items():
        if key == "close":
            continue
        here = f"{name}.{key}"
        if isinstance(value, dict):
            compare(check, here, ours[key], value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            check.count(f"{here}.length", len(ours[key]), len(value))
            for i, (a, b) in enumerate(zip(ours[key], value)):
                compare(check, f"{here}[{i}]", a, b)
        elif key in COUNTS:
            check.count(here, ours[key], value)
        else:
            check.score(here, ours[key], value)


def run(file, folder):
    report = json.load(open(f"{folder}/trust.json"))
    data = anndata.read_h5ad(file)
    rows = np.array(report["rows"])
    check = Check()
    names, labels = codes(data.obs[report["labels"]].astype(object).to_numpy()[rows])
    check.count("classNames", report["classNames"], names)
    batches = None
    if report["batches"] is not None:
        batch_names, batches = codes(data.obs[report["batches"]].astype(object).to_numpy()[rows])
        check.count("batchNames", report["batchNames"], batch_names)
    matrix = report["matrix"]
    counts = data.X if matrix == "X" else data.raw.X if matrix == "raw/X" else data.layers[matrix.split("/")[1]]
    mine = components(counts[rows])
    ours = np.load(f"{folder}/components.npy").astype(np.float64)
    sign = np.sign((mine * ours).sum(0))
    apart = np.abs(mine * sign - ours).max() / np.abs(mine).max()
    check.count("nComponents", report["scores"]["nComponents"], mine.shape[1])
    scarce = 0
    if batches is not None:
        for c in range(len(names)):
            b = batches[(labels == c) & (batches >= 0)]
            if len(set(b)) > 1:
                scarce += sum((b != one).sum() < 3 for one in b)
    check.count("scarce", report["scores"]["scarce"], scarce)
    spaces = {"model": np.load(f"{folder}/model.npy"), "components": mine}
    close = []
    for space, vectors in spaces.items():
        near = NEAR[space]
        found = {
            "labels": agreement(vectors, labels, len(names), near),
            "acrossBatches": None if batches is None else agreement(vectors, labels, len(names), near, batches),
            "mixing": None if batches is None else mixing(vectors, labels, batches, near),
        }
        for part, numbers in found.items():
            compare(check, f"{space}.{part}", report["scores"][space][part], numbers)
            if numbers is not None and numbers["close"]:
                close.append(f"{space} {part} {numbers['close']}")
    for noisy in report["seeds"]:
        draws = np.load(f"{folder}/draws-{noisy['sampling']}.npy")
        _, types = codes(data.obs[report["labels"]].astype(object).to_numpy()[np.array(noisy["rows"])])
        compare(check, f"seeds.{noisy['sampling']}", noisy, noise(draws, types))
    print(f"{report['file']}: {len(rows)} cells; {check.counts} counts, {check.scores} scores, largest difference {check.worst:.1e}; "
          f"components {apart:.1e} apart (relative); cells with neighbors closer together than rounding: {', '.join(close) or 'none'}")
    for fault in check.faults:
        print(f"  DIFFERS {fault[:400]}")
    return not check.faults


if __name__ == "__main__":
    arguments = sys.argv[1:]
    good = [run(file, folder) for file, folder in zip(arguments[::2], arguments[1::2])]
    print("as promised" if good and all(good) else "NOT as promised")
    sys.exit(0 if good and all(good) else 1)
