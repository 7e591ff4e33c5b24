"""Evaluates checkpoints on real cells by the exact inference path, beside principal components.

    python3 training/evaluate.py --pack .train/cells.pack --out training/evaluation.json \
        --runs final=.train/final pbmc3k=.train/fold-pbmc3k ...

A run's held-out sets are those that its config's "training" does not list; those are scored, and for runs whose name
begins with "final" all labeled sets. Sampling and sentences follow the reference draw for draw (seed = the cell's row in its file;
second seed = row + cells); cells of equal sentence length are batched together without any mask. Scores: see metrics.py.
"""
import argparse
import concurrent.futures
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
import torch
import torch.nn.functional as F

import metrics
import model as net
from cells import Vocabulary
from pack import read_pack

LABELS = {"pbmc3k": "louvain", "darmanis": "cell_type", "sims": "cell_pred", "mixology": "cell_line_demuxlet",
          "zheng": "celltype", "mudan": "celltype"}
SIZE = 1024
MIX = {"darmanis": 150, "zheng": 150, "mixology": 150, "mudan": 100, "pbmc3k": 50, "copykat": 50, "sims": 50}


class Sentences:
    """The reference's sampling and sentences from the pack (spec 2 to 4)."""

    def __init__(self, pack):
        self.header, self.arrays, self.csr = read_pack(pack)
        self.vocabulary = Vocabulary(self.arrays)
        self.sets = {entry["name"]: entry for entry in self.header["sets"]}

    def weights(self, name, row, hidden=None):
        """float32 sampling weights over the set's aligned genes; `hidden` genes (a mask) count as not seen."""
        indptr, indices, values = self.csr[name]
        counts = np.zeros(self.sets[name]["genes"], np.float32)
        part = slice(indptr[row], indptr[row + 1])
        counts[indices[part]] = values[part]
        if hidden is not None:
            counts[hidden] = 0
        w = np.log1p(counts)
        return w / max(w.sum(dtype=np.float32), np.float32(1e-8))

    def sentence(self, name, row, seed, low, hidden=None):
        """Compact rows of one sentence [L]; None for a cell without counts on aligned genes."""
        w = self.weights(name, row, hidden)
        if not w.any():
            return None
        rng = np.random.default_rng(seed)
        if low:
            cdf = np.cumsum(w.astype(np.float64))
            drawn = np.searchsorted(cdf / cdf[-1], (np.arange(SIZE) + rng.random()) / SIZE, side="right")
        else:
            drawn = rng.choice(len(w), SIZE, p=w, replace=True)
        return self.write(self.arrays[f"{name}/gene"][drawn].astype(np.int64), rng)

    def write(self, gene, rng):
        v = self.vocabulary
        chromosome = v.chromosome[gene]
        order = np.unique(v.chromosome_ids[gene])
        rng.shuffle(order)
        out = [[1]]
        for one in np.searchsorted(v.chromosomes, order):
            mine = gene[chromosome == one]
            out += [[3 + one], v.first_gene + mine[np.argsort(v.starts[mine], kind="stable")], [2]]
        return np.concatenate(out)


def make_sentences(job):
    maker, name, rows, offset, low, hidden = job
    return [maker.sentence(name, row, int(row + offset), low, None if hidden is None else hidden[i])
            for i, row in enumerate(rows)]


class Evaluator:
    def __init__(self, args):
        self.args, self.maker, self.cache = args, Sentences(args.pack), {}
        self.pool = concurrent.futures.ProcessPoolExecutor(args.workers) if args.workers > 1 else None

    def sentences(self, name, rows, offset, low, hidden=None):
        key = (name, offset, low, tuple(rows[:3]), len(rows), hidden is not None)
        if key not in self.cache:
            if self.pool is None:
                self.cache[key] = make_sentences((self.maker, name, rows, offset, low, hidden))
            else:
                cuts = np.array_split(np.arange(len(rows)), max(1, len(rows) // 64))
                jobs = [(None, name, rows[c], offset, low, None if hidden is None else hidden[c]) for c in cuts]
                self.cache[key] = sum(self.pool.map(shared_sentences, jobs), [])
        return self.cache[key]

    def embed(self, p, config, sentences, table=None):
        """Unit embeddings [n, O], float32, cells of equal length together."""
        device, heads, layers = self.args.device, config["nhead"], config["num_layers"]
        x1 = net.fold(p) if table is None else table
        pe = net.sinusoids(config["max_sequence_length"], config["d_model"]).to(device)
        out = np.zeros((len(sentences), config["output_embedding_dim"]), np.float32)
        lengths = np.array([len(one) for one in sentences])
        with torch.no_grad():
            for length in np.unique(lengths):
                where = np.flatnonzero(lengths == length)
                for start in range(0, len(where), self.args.batch):
                    part = where[start:start + self.args.batch]
                    rows = torch.from_numpy(np.stack([sentences[i] for i in part])).to(device)
                    z = net.encode(p, F.embedding(rows, x1) + pe[:length], None, layers, heads)
                    out[part] = net.unit(z).cpu().numpy()
        return out

    def usable(self, name):
        """Rows that are scored: with counts; for the cell lines, singlets by genotype only."""
        keep = np.diff(self.maker.csr[name][0]) > 0
        if name == "mixology":
            keep &= self.maker.arrays["mixology/label/demuxlet_cls"] == 1
        rows = np.flatnonzero(keep)
        if self.args.limit and len(rows) > self.args.limit:
            rows = np.sort(np.random.default_rng(0).choice(rows, self.args.limit, replace=False))
        return rows

    def dense(self, name, rows):
        indptr, indices, values = self.maker.csr[name]
        gene = self.maker.arrays[f"{name}/gene"]
        out = np.zeros((len(rows), self.maker.vocabulary.genes), np.float32)
        for i, row in enumerate(rows):
            part = slice(indptr[row], indptr[row + 1])
            np.add.at(out[i], gene[indices[part]], values[part])
        return out

    def components(self, name, rows):
        """30 principal components of log-normalized counts of the same cells, all aligned genes."""
        counts = self.dense(name, rows)
        x = np.log1p(counts / np.maximum(counts.sum(1, keepdims=True), 1) * 1e4)
        x = torch.from_numpy(x - x.mean(0)).to(self.args.device)
        values, vectors = torch.linalg.eigh((x @ x.T).double())
        return (vectors[:, -30:] * values[-30:].clamp_min(0).sqrt()).float().cpu().numpy()

    def pca_scores(self, name):
        if ("pca", name) not in self.cache:
            rows = self.usable(name)
            z, labels = self.components(name, rows), self.labels(name, rows)
            found = {"cosine": pair(metrics.leave_one_out(z, labels)),
                     "euclidean": pair(metrics.leave_one_out(z, labels, cosine=False))}
            if name == "mixology":
                found.update(self.batch_scores(z, labels, rows))
            self.cache[("pca", name)] = found
        return self.cache[("pca", name)]

    def labels(self, name, rows):
        return self.maker.arrays[f"{name}/label/{LABELS[name]}"].astype(np.int64)[rows]

    def batch_scores(self, z, labels, rows):
        """Cell lines: can protocol (batch) be told, and line (type) from other protocols' cells?"""
        protocol = self.maker.arrays["mixology/label/protocol"].astype(np.int64)[rows]
        return {"protocol": pair(metrics.leave_one_out(z, protocol)),
                "lineAcrossProtocols": pair(metrics.across_batches(z, labels, protocol))}

    def score(self, p, config, name):
        rows = self.usable(name)
        labels, count = self.labels(name, rows), self.maker.sets[name]["cells"]
        result = {"cells": int(len(rows)), "classes": int(len(np.unique(labels))), "label": LABELS[name],
                  "largestClass": round(float(np.bincount(labels).max() / len(labels)), 4), "pca30": self.pca_scores(name)}
        for low in (False, True):
            first = self.embed(p, config, self.sentences(name, rows, 0, low))
            second = self.embed(p, config, self.sentences(name, rows, count, low))
            entry = {"knn": pair(metrics.leave_one_out(first, labels)),
                     "secondSeed": pair(metrics.leave_one_out(second, labels)),
                     "betweenSeeds": {"relativeError": round(metrics.relative_error(second, first), 4),
                                      "overlap15": round(metrics.recall_15(second, first), 4)},
                     "meanCosine": round(metrics.mean_cosine(first), 4)}
            if name == "mixology":
                entry.update(self.batch_scores(first, labels, rows))
            result["lowVariance" if low else "reference"] = entry
        return result

    def expression(self, p, config, name, trained, number=200):
        """Mean area under the ROC curve: 20 % of the expressed genes hidden from the sentence against the measured
        genes without counts, and all measured genes; baselines are the gene's mean detection rate, over the training
        sets that measured it, and over the other cells of the same set (which a new data set does not give)."""
        rows = self.usable(name)
        rows = np.sort(np.random.default_rng(1).choice(rows, min(number, len(rows)), replace=False))
        gene = self.maker.arrays[f"{name}/gene"].astype(np.int64)
        indptr, indices, _ = self.maker.csr[name]
        hidden = np.zeros((len(rows), len(gene)), bool)
        for i, row in enumerate(rows):
            mine = indices[indptr[row]:indptr[row + 1]]
            hidden[i, mine[np.random.default_rng([7, int(row)]).random(len(mine)) < 0.2]] = True
        cell = {"hidden": self.embed(p, config, self.sentences(name, rows, 0, True, hidden)),
                "all": self.embed(p, config, self.sentences(name, rows, 0, True))}
        rate = self.detection(trained)
        own = self.detection([name])
        n = len(self.usable(name))
        x1 = net.fold(p)[self.maker.vocabulary.first_gene:]
        found = {key: [] for key in ("hidden", "hiddenTrainingRate", "hiddenOwnRate", "all", "allTrainingRate")}
        unique = np.unique(gene)
        with torch.no_grad():
            genes = x1[torch.from_numpy(unique).to(x1.device)][None]
            for i, row in enumerate(rows):
                expressed = np.zeros(self.maker.vocabulary.genes, bool)
                expressed[gene[indices[indptr[row]:indptr[row + 1]]]] = True
                masked = np.zeros(self.maker.vocabulary.genes, bool)
                masked[gene[hidden[i]]] = True
                expressed, masked = expressed[unique], masked[unique]
                use = masked | ~expressed
                logits = {key: net.expression(p, torch.from_numpy(z[i:i + 1]).to(x1.device), genes)[0].cpu().numpy()
                          for key, z in cell.items()}
                # Whole numbers: a gene counted in this cell and one that is not tie where as many other cells have them.
                others = np.rint(own[unique] * n) - expressed
                found["hidden"].append(metrics.auroc(logits["hidden"][use], masked[use]))
                found["hiddenTrainingRate"].append(metrics.auroc(rate[unique][use], masked[use]))
                found["hiddenOwnRate"].append(metrics.auroc(others[use], masked[use]))
                found["all"].append(metrics.auroc(logits["all"], expressed))
                found["allTrainingRate"].append(metrics.auroc(rate[unique], expressed))
        return {"cells": len(rows), **{key: round(float(np.nanmean(value)), 4) for key, value in found.items()}}

    def detection(self, names):
        """Each gene's detection rate, averaged over the sets that measured it; 0 where none did."""
        rates = []
        for name in names:
            if ("rate", name) not in self.cache:
                indptr, indices, _ = self.maker.csr[name]
                keep = np.zeros(len(indptr) - 1, bool)
                keep[self.usable(name)] = True
                gene = self.maker.arrays[f"{name}/gene"].astype(np.int64)
                hits = np.bincount(gene[indices[np.repeat(keep, np.diff(indptr))]], minlength=self.maker.vocabulary.genes)
                rate = np.full(self.maker.vocabulary.genes, np.nan)
                rate[gene] = hits[gene] / keep.sum()
                self.cache[("rate", name)] = rate
            rates.append(self.cache[("rate", name)])
        import warnings
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.nan_to_num(np.nanmean(np.stack(rates), 0))

    def precision(self, p, config):
        """Simulated storage of the folded table and the weights, and negative controls, against float32."""
        sentences, where = [], []
        for name, number in MIX.items():
            rows = self.usable(name)
            number = min(number, len(rows), self.args.limit or number)
            rows = np.sort(np.random.default_rng(2).choice(rows, number, replace=False))
            sentences += self.sentences(name, rows, 0, False)
            where += [name] * len(rows)
        where = np.array(where)
        true = self.embed(p, config, sentences)
        x1 = net.fold(p)
        half = {name: value.half().float() for name, value in p.items()}
        eight = {name: net.round_blocks(value) if net.is_block_weight(name, value) else value for name, value in p.items()}
        found = {"cells": len(true), "sets": {name: int((where == name).sum()) for name in MIX}}

        def compare(z):
            by_set = {name: [round(metrics.relative_error(z[where == name], true[where == name]), 4),
                             round(metrics.recall_15(z[where == name], true[where == name]), 4)] for name in MIX}
            return {"relativeError": round(metrics.relative_error(z, true), 5), "recall15": round(metrics.recall_15(z, true), 4),
                    "bySet": by_set}

        found["float16"] = compare(self.embed(half, config, sentences, x1.half().float()))
        found["int8"] = compare(self.embed(eight, config, sentences, net.round_rows(x1)))
        found["int8TableOnly"] = compare(self.embed(p, config, sentences, net.round_rows(x1)))
        rng = np.random.default_rng(3)
        controls = {
            "anotherCell": np.roll(true, 1, axis=0)[rng.permutation(len(true))],
            "shuffledTokens": self.embed(p, config, [np.concatenate([s[:1], rng.permutation(s[1:])]) for s in sentences]),
            "noChromosomeEnds": self.embed(p, config, [s[s != 2] for s in sentences]),
            "geneIdsOffByOne": self.embed(p, config, [
                np.where(s >= self.maker.vocabulary.first_gene, np.minimum(s + 1, self.maker.vocabulary.rows - 1), s)
                for s in sentences])}
        found["controls"] = {name: [round(metrics.relative_error(z, true), 4), round(metrics.recall_15(z, true), 4)]
                             for name, z in controls.items()}
        return found


def pair(score):
    return {"accuracy": round(score[0], 4), "macroRecall": round(score[1], 4)}


def start_worker(pack):
    global WORKER
    WORKER = Sentences(pack)


def shared_sentences(job):
    return make_sentences((WORKER,) + job[1:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pack", default=".train/cells.pack")
    parser.add_argument("--runs", nargs="+", required=True, help="name=folder of a checkpoint")
    parser.add_argument("--out", required=True)
    parser.add_argument("--sets", default="", help="score these sets only, comma-separated")
    parser.add_argument("--limit", type=int, default=0, help="cells a set at most (0: all)")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--precision", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    started = time.time()
    torch.backends.cuda.matmul.allow_tf32 = False
    evaluator = Evaluator(args)
    if args.workers > 1:
        evaluator.pool = concurrent.futures.ProcessPoolExecutor(args.workers, initializer=start_worker,
                                                                initargs=(args.pack,))
    report = {"sizes": {"sampled": SIZE, "neighbors": 5, "components": 30}, "limit": args.limit, "runs": {}}
    for item in args.runs:
        name, folder = item.split("=", 1)
        p, config = net.read_checkpoint(folder, evaluator.maker.vocabulary.token_ids)
        p = {key: value.to(args.device) for key, value in p.items()}
        trained = [one["name"] for one in config["training"]["dataSets"]]
        scored = [one for one in LABELS if name.startswith("final") or one not in trained]
        if args.sets:
            scored = [one for one in scored if one in args.sets.split(",")]
        entry = {"training": config["training"], "trainedOn": trained, "sets": {}}
        for one in scored:
            entry["sets"][one] = evaluator.score(p, config, one)
            entry["sets"][one]["heldOut"] = one not in trained
            entry["sets"][one]["expression"] = evaluator.expression(p, config, one, trained)
            print(name, one, json.dumps(entry["sets"][one]), flush=True)
        if name.startswith("final") and args.precision:
            entry["precision"] = evaluator.precision(p, config)
            print(name, "precision", json.dumps(entry["precision"]), flush=True)
        report["runs"][name] = entry
        with open(args.out, "w") as out:
            json.dump(report, out, indent=1)
            out.write("\n")
    print("evaluated in", round(time.time() - started, 1), "s")
    if evaluator.pool:
        evaluator.pool.shutdown()


if __name__ == "__main__":
    main()
