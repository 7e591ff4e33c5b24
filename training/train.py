"""Trains the small model from a pack of cells (pack.py) and writes a checkpoint in the public layout.

    python3 training/train.py --pack .train/cells.pack --out .train/final --seed 1 --steps 6000

No labels are used. What is learned, and why, stands in README.md beside this file. Progress goes to <out>/log.jsonl.
"""
import argparse
import contextlib
import json
import math
import os
import platform
import re
import sys
import time

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
import torch
import torch.nn.functional as F

import metrics
import model as net
from cells import Cells, SentenceMaker, log_normalized, principal_components, sample_genes

ALL = ["darmanis", "sims", "pbmc3k", "zheng", "mudan", "donor_a", "mixology", "allen", "kang", "copykat"]
# Label by which a held-out set is scored while training runs (never used by the loss).
SCORED = {"darmanis": "cell_type", "sims": "cell_pred", "pbmc3k": "louvain", "zheng": "celltype", "mudan": "celltype",
          "mixology": "cell_line_demuxlet"}


def arguments():
    parser = argparse.ArgumentParser()
    add = parser.add_argument
    add("--pack", default=".train/cells.pack")
    add("--out", required=True)
    add("--hold-out", default="", help="data sets left out of training, comma-separated")
    add("--drop-shared", default="", help="data set (zheng or mudan) whose cells that stand in the other are left out")
    add("--seed", type=int, default=1)
    add("--steps", type=int, default=6000)
    add("--groups", type=int, default=3, help="data sets in one step")
    add("--members", type=int, default=64, help="cells of one data set in one step")
    add("--size", type=int, default=1024, help="sampled genes")
    add("--short", type=float, default=0.85, help="first share of the steps, run with half as many sampled genes")
    add("--rate", type=float, default=5e-4)
    add("--weight-decay", type=float, default=0.01)
    add("--contrast", type=float, default=0.5, help="weight of the within-set contrastive loss")
    add("--across", type=float, default=0.3, help="weight of the contrastive loss over the whole step")
    add("--temperature", type=float, default=0.1)
    add("--teacher", type=float, default=0.5, help="share of the contrastive target that comes from the set's own PCs")
    add("--teacher-temperature", type=float, default=0.1)
    add("--rename", type=float, default=0.0, help="share of groups whose genes are renamed (see README.md)")
    add("--chimera", type=float, default=0.0, help="share of groups made of two data sets' cells (see README.md)")
    add("--table-rate", type=float, default=1.0, help="learning rate of the token table, as a multiple of --rate")
    add("--fixed-order", type=int, default=1, help="1: gradients summed in a fixed order, so that runs repeat")
    add("--rename-spread", type=float, default=0.15, help="how far a rename may move a gene in the order of expression")
    add("--thin", type=float, default=0.5, help="share of views that are thinned to a random depth")
    add("--gene-factor", type=float, default=0.4, help="sd of log gene factors, shared by a group's thinned view")
    add("--random-start", type=float, default=0.0, help="least share of variance that is random in a gene's first row")
    add("--family", type=float, default=0.5, help="share of that random part that genes of one family have in common")
    add("--start-power", type=float, default=1.0, help="power of the singular values in the first rows")
    add("--plain-start", type=int, default=0, help="1: random rows for genes never seen only")
    add("--average", type=float, default=0.998, help="decay of the averaged weights")
    add("--round-from", type=float, default=0.75, help="share of the steps after which storage rounding is simulated")
    add("--targets", type=int, default=100, help="masked genes and unexpressed genes predicted, each, per cell")
    add("--head-weight", type=float, default=1.0)
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--compile", type=int, default=1)
    add("--attention", default="columns", choices=["columns", "ragged"], help="how padding is masked on a GPU")
    add("--probe-every", type=int, default=0)
    add("--probe-sets", default="", help="data sets scored at the end (default: those held out)")
    add("--layers", type=int, default=4)
    add("--width", type=int, default=128)
    return parser.parse_args()


class Corpus:
    """Training groups: cells that may be each other's negatives, with their counts and the teacher's features."""

    def __init__(self, args):
        held = [name for name in args.hold_out.split(",") if name]
        unknown = set(held) - set(ALL)
        if unknown:
            raise SystemExit(f"unknown data set: {unknown}")
        self.cells = Cells(args.pack, args.device)
        self.trained = [name for name in ALL if name not in held]
        self.vocabulary = self.cells.vocabulary
        shared = self.cells.header["shared"]
        self.groups, self.weights, levels = [], [], []
        for name in self.trained:
            counts = self.cells.counts[name]
            usable = ((counts > 0).sum(1) >= 100).cpu().numpy()
            if name == args.drop_shared:
                usable[shared[name]] = False
            batch = self.cells.sets[name]["batch"]
            codes = self.cells.labels(name, batch) if batch else np.zeros(len(counts), np.int64)
            parts = [np.flatnonzero(usable & (codes == code)) for code in np.unique(codes)]
            level = torch.log1p(counts[torch.from_numpy(np.flatnonzero(usable)).to(args.device)]).mean(0)
            rank = level.argsort().argsort().float() / len(level)
            levels.append(torch.where(self.cells.measured[name], rank, torch.full_like(rank, float("nan"))))
            for part in parts:
                rows = torch.from_numpy(part).to(args.device)
                own = counts[rows]
                spread = torch.log1p(own)
                spread = (spread / spread.sum(1, keepdim=True)).sqrt()
                features = [F.normalize(principal_components(x), dim=1) for x in (log_normalized(own), spread)]
                self.groups.append({"name": name, "rows": rows, "level": rank,
                                    "teacher": torch.cat(features, 1) / math.sqrt(2)})
                self.weights.append(math.sqrt(usable.sum()) * len(part) / usable.sum())
        self.weights = np.array(self.weights) / np.sum(self.weights)
        self.level = torch.nanmean(torch.stack(levels), 0).nan_to_num(0.0)

    def first_table(self, args, width, generator):
        """Gene rows [genes, width]: gene side of a truncated SVD of the log-normalized cells, part random.

        Cells are centered on the mean of the data sets' means (so that differences between tissues stay) and data sets
        weigh alike by the fourth root of their size. Weakly known genes get more of a random direction, which genes of
        one family (the letters that their symbols begin with) share in part.
        """
        sets = {}
        for group in self.groups:
            sets.setdefault(group["name"], []).append(group["rows"])
        blocks, means = [], []
        for name, rows in sets.items():
            x = log_normalized(self.cells.counts[name][torch.cat(rows)])
            measured = self.cells.measured[name]
            blocks.append((x, measured))
            means.append(torch.where(measured, x.mean(0), torch.full_like(x[0], float("nan"))))
        center = torch.nanmean(torch.stack(means), 0).nan_to_num(0)
        stacked = torch.cat([(x - center) * measured / len(x) ** 0.375 for x, measured in blocks])
        draw = torch.randn(stacked.shape[1], width + 32, generator=generator).to(stacked.device)
        basis = torch.linalg.qr(stacked @ draw)[0]
        for _ in range(4):
            basis = torch.linalg.qr(stacked @ torch.linalg.qr(stacked.T @ basis)[0])[0]
        _, s, v = torch.linalg.svd(basis.T @ stacked, full_matrices=False)
        rows = F.pad((v[:width].T * s[:width] ** args.start_power).cpu(), (0, max(0, width - len(s))))
        strength = rows.square().sum(1)
        known = strength[strength > 0]
        middle = known.quantile(0.3) if len(known) else torch.tensor(1.0)
        share = (args.random_start + (1 - args.random_start) * middle / (middle + strength))[:, None]
        if args.plain_start:
            share = (strength == 0).float()[:, None]
        own = F.normalize(torch.randn(rows.shape, generator=generator), dim=1)
        family = [re.match(r"[A-Z]*", symbol).group() for symbol in self.cells.header["symbols"]]
        names = sorted(set(family))
        place = {one: number for number, one in enumerate(names)}
        index = torch.tensor([place[one] for one in family])
        common = F.normalize(torch.randn(len(names), width, generator=generator), dim=1)[index]
        noise = F.normalize(own * (1 - args.family) ** 0.5 + common * args.family ** 0.5, dim=1)
        return (F.normalize(rows, dim=1) * (1 - share).sqrt() + noise * share.sqrt()) * math.sqrt(width)


def thin(counts, groups, args, generator):
    """Binomial thinning to a random depth, with gene factors that a whole group shares: another protocol's view."""
    batch, genes = counts.shape
    total = counts.sum(1)
    low = total.clamp_max(800.0)
    u = torch.rand(batch, generator=generator, device=counts.device)
    rate = (low.log() + u * (total.log() - low.log())).exp() / total
    factor = (torch.randn(groups, genes, generator=generator, device=counts.device) * args.gene_factor).exp()
    keep = (rate[:, None] * factor.repeat_interleave(batch // groups, 0)).clamp_max(1.0)
    thinned = torch.binomial(counts, keep, generator=generator)
    chosen = torch.rand(batch, generator=generator, device=counts.device) < args.thin
    chosen &= (thinned > 0).sum(1) >= 50
    return torch.where(chosen[:, None], thinned, counts)


def renaming(own, common, spread, generator):
    """Permutation of the genes that keeps them about where they stand in the order of expression."""
    jitter = torch.randn(2, len(own), generator=generator, device=own.device) * spread
    out = torch.empty_like(own, dtype=torch.long)
    out[(own + jitter[0]).argsort()] = (common + jitter[1]).argsort()
    return out


def pick(mask, number, generator):
    """`number` random true columns per row of mask [B, V], with replacement; rows without any give column 0 (flagged)."""
    running = torch.cumsum(mask.to(torch.int32), 1, dtype=torch.int32)
    total = running[:, -1:]
    u = torch.rand(mask.shape[0], number, generator=generator, device=mask.device)
    target = (u * total).floor().to(torch.int32) + 1
    target = torch.minimum(target, total.clamp_min(1))
    return torch.searchsorted(running, target).clamp_max(mask.shape[1] - 1), (total > 0)


def make_batch(corpus, maker, args, size, chooser, generator):
    """One step's sentences (view A of every cell, then view B), expression targets, teacher and flags."""
    groups, members, device = args.groups, args.members, args.device
    picks = chooser.choice(len(corpus.groups), groups, replace=groups > len(corpus.groups), p=corpus.weights)
    counts, measured, teacher, renames, plain = [], [], [], [], []
    for number in picks:
        group = corpus.groups[number]
        local = torch.from_numpy(chooser.choice(len(group["rows"]), members, replace=len(group["rows"]) < members))
        local = local.to(device)
        counts.append(corpus.cells.counts[group["name"]][group["rows"][local]])
        measured.append(corpus.cells.measured[group["name"]])
        features = group["teacher"][local]
        teacher.append(features @ features.T)
        others = [one for one in corpus.groups if one["name"] != group["name"]]
        if others and chooser.random() < args.chimera:
            other = others[chooser.integers(len(others))]
            local = chooser.choice(len(other["rows"]), members, replace=len(other["rows"]) < members)
            local = torch.from_numpy(local).to(device)
            share = chooser.uniform(0.3, 0.7)
            from_first = torch.rand(corpus.vocabulary.genes, generator=generator, device=device) < share
            more = corpus.cells.counts[other["name"]][other["rows"][local]]
            counts[-1] = torch.where(from_first, counts[-1], more)
            features = other["teacher"][local]
            teacher[-1] = share * teacher[-1] + (1 - share) * (features @ features.T)
            renames.append(None)
            plain.append(0.0)
            continue
        renamed = chooser.random() < args.rename
        plain.append(0.0 if renamed else 1.0)
        renames.append(renaming(group["level"], corpus.level, args.rename_spread, generator) if renamed else None)
    counts = torch.cat(counts)
    views, low = [], []
    masked = []
    for view in range(2):
        seen = thin(counts, groups, args, generator)
        hide = torch.rand(counts.shape, generator=generator, device=device) < 0.2
        views.append(torch.log1p(seen).masked_fill(hide, 0))
        masked.append(hide & (counts > 0))
        low.append(torch.rand(len(counts), generator=generator, device=device) < 0.5)
    genes = sample_genes(torch.cat(views), size, torch.cat(low), generator)
    plain = torch.tensor(plain, device=device)
    for index, rename in enumerate(renames):
        if rename is not None:
            for view in range(2):
                part = slice((view * groups + index) * members, (view * groups + index + 1) * members)
                genes[part] = rename[genes[part]]
    rows, length = maker(genes, generator)
    absent = torch.cat([(counts[i * members:(i + 1) * members] == 0) & m for i, m in enumerate(measured)])
    positive, any_positive = pick(torch.cat(masked), args.targets, generator)
    negative, any_negative = pick(torch.cat([absent, absent]), args.targets, generator)
    weight = plain.repeat_interleave(members).repeat(2)[:, None] * any_positive * any_negative
    return rows, length, torch.cat([positive, negative], 1), weight, torch.stack(teacher)


def contrast(a, b, teacher, args):
    """Cross-entropy between two views' similarities in a group and the target: itself, and the teacher's neighbors."""
    logits = a @ b.transpose(1, 2) / args.temperature
    own = torch.eye(logits.shape[1], device=a.device)
    target = (1 - args.teacher) * own + args.teacher * torch.softmax(teacher / args.teacher_temperature, -1)
    loss = -(target * F.log_softmax(logits, -1)).sum(-1).mean()
    return (loss - (target * F.log_softmax(logits.transpose(1, 2), -1)).sum(-1).mean()) / 2


def across(a, b, teacher, args):
    """The same over all cells of the step: the teacher speaks for pairs of one data set, others are negatives."""
    logits = a @ b.T / args.temperature
    soft = torch.block_diag(*torch.softmax(teacher / args.teacher_temperature, -1))
    target = (1 - args.teacher) * torch.eye(len(a), device=a.device) + args.teacher * soft
    loss = -(target * F.log_softmax(logits, -1)).sum(-1).mean()
    return (loss - (target * F.log_softmax(logits.T, -1)).sum(-1).mean()) / 2


class Runner:
    """Forward passes of the encoder, compiled where that works."""

    def __init__(self, args, config, pe):
        self.args, self.config, self.pe = args, config, pe
        self.cuda = args.device.startswith("cuda")

        def core(p, x, length, ends):
            x = x + pe[:x.shape[1]]
            return net.unit(net.encode(p, x, length, config["num_layers"], config["nhead"], ends))
        self.plain = core
        self.core = torch.compile(core, dynamic=False) if args.compile and self.cuda else core

    def narrow(self):
        """bfloat16 autocast on a GPU, nothing elsewhere."""
        return torch.autocast("cuda", dtype=torch.bfloat16) if self.cuda else contextlib.nullcontext()

    def __call__(self, p, x1, rows, length):
        # The look-up stays outside the compiled part: its own gradient is summed in a fixed order.
        x, ends = F.embedding(rows, x1), None
        if self.cuda and self.args.attention == "ragged":
            first = torch.arange(len(rows), device=rows.device) * rows.shape[1]
            ends = torch.stack([first, first + length], 1).flatten().to(torch.int32)
            ends = F.pad(ends, (0, 1), value=rows.numel())
        with self.narrow():
            return (self.core if torch.is_grad_enabled() else self.plain)(p, x, length, ends)

    def embed(self, p, cells, name, maker, size, low, seed, batch=256):
        """Embeddings of a whole set by the device's own sampler (a probe; evaluate.py follows the reference exactly)."""
        generator = torch.Generator(self.args.device).manual_seed(seed)
        counts, out = cells.counts[name], []
        with torch.no_grad():
            x1 = net.fold(p)
            for start in range(0, len(counts), batch):
                part = counts[start:start + batch]
                part = torch.cat([part, part.new_ones(batch - len(part), part.shape[1])])
                flags = torch.full((batch,), bool(low), device=part.device)
                rows, length = maker(sample_genes(torch.log1p(part), size, flags, generator), generator)
                out.append(self(p, x1, rows, length)[:min(batch, len(counts) - start)].float().cpu())
        return torch.cat(out).numpy()


def probe(runner, p, corpus, maker, size, names):
    """Quick scores of some data sets."""
    found = {}
    for name in names:
        labels = corpus.cells.labels(name, SCORED[name])
        keep = np.ones(len(labels), bool)
        if name == "mixology":
            keep = corpus.cells.labels(name, "demuxlet_cls") == 1
        both = {}
        for low in (False, True):
            z = [runner.embed(p, corpus.cells, name, maker, size, low, seed)[keep] for seed in (11, 12)]
            score = metrics.leave_one_out(z[0], labels[keep])
            both["low_variance" if low else "reference"] = {
                "accuracy": round(score[0], 4), "macro": round(score[1], 4), "e": round(metrics.relative_error(*z), 3),
                "overlap": round(metrics.recall_15(*z), 3), "cosine": round(metrics.mean_cosine(z[0]), 3)}
            if name == "mixology":
                batches = corpus.cells.labels(name, "protocol")[keep]
                both["low_variance" if low else "reference"]["protocol"] = round(
                    metrics.leave_one_out(z[0], batches)[0], 4)
                both["low_variance" if low else "reference"]["across"] = round(
                    metrics.across_batches(z[0], labels[keep], batches)[0], 4)
        both["head"] = head_score(runner, p, corpus, name, maker, size)
        found[name] = both
    return found


def head_score(runner, p, corpus, name, maker, size, number=100):
    """Mean area under the ROC curve over the measured genes of the first cells: head, and training detection rate."""
    if "detection" not in corpus.__dict__:
        rates = [torch.where(corpus.cells.measured[one], (corpus.cells.counts[one] > 0).float().mean(0),
                             torch.tensor(float("nan"), device=runner.args.device)) for one in corpus.trained]
        corpus.detection = torch.nanmean(torch.stack(rates), 0).nan_to_num(0).cpu().numpy()
    generator = torch.Generator(runner.args.device).manual_seed(5)
    order = np.random.default_rng(0).permutation(len(corpus.cells.counts[name]))[:number]
    counts = corpus.cells.counts[name][torch.from_numpy(order).to(runner.args.device)]
    hide = torch.rand(counts.shape, generator=generator, device=counts.device) < 0.2
    low = torch.ones(len(counts), dtype=torch.bool, device=counts.device)
    with torch.no_grad():
        x1 = net.fold(p)
        rows, length = maker(sample_genes(torch.log1p(counts).masked_fill(hide, 0), size, low, generator), generator)
        cell = runner(p, x1, rows, length)
        genes = x1[corpus.vocabulary.first_gene:]
        logits = torch.cat([net.expression(p, one[None].float(), genes[None]) for one in cell]).float().cpu().numpy()
    measured = corpus.cells.measured[name].cpu().numpy()
    counts, hide = counts.cpu().numpy(), hide.cpu().numpy()
    ours, base = [], []
    for index in range(len(counts)):
        use = measured & (hide[index] | (counts[index] == 0))
        ours.append(metrics.auroc(logits[index][use], counts[index][use] > 0))
        base.append(metrics.auroc(corpus.detection[use], counts[index][use] > 0))
    return {"auroc": round(float(np.nanmean(ours)), 4), "baseline": round(float(np.nanmean(base)), 4)}


def main():
    args = arguments()
    started = time.time()
    torch.manual_seed(args.seed)
    if hasattr(torch.utils, "deterministic"):
        torch.utils.deterministic.fill_uninitialized_memory = False
    import warnings
    warnings.filterwarnings("ignore")
    generator = torch.Generator(args.device).manual_seed(args.seed)
    chooser = np.random.default_rng(args.seed)
    os.makedirs(args.out, exist_ok=True)
    log = open(os.path.join(args.out, "log.jsonl"), "w")

    def note(**fields):
        log.write(json.dumps({"seconds": round(time.time() - started, 1), **fields}) + "\n")
        log.flush()
        print(args.out, json.dumps(fields), flush=True)

    corpus = Corpus(args)
    config = net.config_of(args.layers, args.width)
    cpu = torch.Generator().manual_seed(args.seed)
    p = net.initial_weights(config, corpus.vocabulary.rows, cpu)
    p[net.TABLE][corpus.vocabulary.first_gene:] = corpus.first_table(args, args.width, cpu)
    p = {name: torch.nn.Parameter(value.to(args.device)) for name, value in p.items()}
    average = {name: value.detach().clone() for name, value in p.items()}
    pe = net.sinusoids(config["max_sequence_length"], args.width).to(args.device)
    maker, runner = SentenceMaker(corpus.vocabulary, args.device), Runner(args, config, pe)
    decay = [value for name, value in p.items() if value.dim() == 2 and name != net.TABLE]
    rest = [value for name, value in p.items() if value.dim() < 2]
    fused = {"fused": True} if args.device.startswith("cuda") else {}
    optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": args.weight_decay},
                                   {"params": rest, "weight_decay": 0.0},
                                   {"params": [p[net.TABLE]], "weight_decay": args.weight_decay}],
                                  lr=args.rate, betas=(0.9, 0.98), **fused)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [args.rate, args.rate, args.rate * args.table_rate], total_steps=args.steps + 1, pct_start=0.1,
        cycle_momentum=False)
    note(event="ready", trained=corpus.trained, groups=len(corpus.groups),
         cells=int(sum(len(group["rows"]) for group in corpus.groups)), arguments=vars(args),
         start=float(p[net.TABLE].detach().double().abs().sum()),
         teachers=float(sum(group["teacher"].double().abs().sum() for group in corpus.groups)))
    half = args.groups * args.members
    sums, clock = np.zeros(4), time.time()
    tape = torch.zeros(4, device=args.device)
    for step in range(args.steps):
        size = args.size // 2 if step < args.short * args.steps else args.size
        with torch.no_grad():
            rows, length, targets, weight, teacher = make_batch(corpus, maker, args, size, chooser, generator)
        # From here to the end of the backward pass; the sampler's running sums have no such variant and need none.
        torch.use_deterministic_algorithms(bool(args.fixed_order))
        x1 = net.fold(p)
        # Views, not the parameters: the compiled encoder then sees one kind of tensor throughout.
        used = {name: value.view_as(value) for name, value in p.items()}
        if step >= args.round_from * args.steps:
            x1 = net.round_rows(x1)
            used = {name: net.round_blocks(value) if net.is_block_weight(name, value) else value
                    for name, value in p.items()}
        z = runner(used, x1, rows, length).float()
        near = contrast(z[:half].view(args.groups, args.members, -1), z[half:].view(args.groups, args.members, -1),
                        teacher, args)
        far = across(z[:half], z[half:], teacher, args)
        with runner.narrow():
            logits = net.expression(used, z, x1[targets + corpus.vocabulary.first_gene]).float()
        truth = torch.zeros_like(logits)
        truth[:, :args.targets] = 1
        bce = F.binary_cross_entropy_with_logits(logits, truth, reduction="none").mean(1, keepdim=True)
        bce = (bce * weight).sum() / weight.sum().clamp_min(1)
        loss = args.head_weight * bce + args.contrast * near + args.across * far
        try:
            loss.backward()
        except RuntimeError as error:
            if step > 0 or not args.fixed_order:
                raise
            args.fixed_order = 0
            optimizer.zero_grad(set_to_none=True)
            note(event="no fixed order on this machine", error=str(error)[:200])
        torch.use_deterministic_algorithms(False)
        torch.nn.utils.clip_grad_norm_(list(p.values()), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            beta = min(args.average, (step + 1) / (step + 10))
            names = list(p)
            torch._foreach_mul_([average[name] for name in names], beta)
            torch._foreach_add_([average[name] for name in names], [p[name].detach() for name in names], alpha=1 - beta)
            tape += torch.stack([loss.detach(), bce.detach(), near.detach(), far.detach()])
        if step in (0, 20) or (step + 1) % 200 == 0 or step + 1 == args.steps:
            values = (tape / (1 if step == 0 else 20 if step == 20 else 200)).tolist()
            tape.zero_()
            if not math.isfinite(values[0]):
                raise SystemExit("the loss is not finite")
            note(step=step + 1, loss=round(values[0], 4), bce=round(values[1], 4), near=round(values[2], 4),
                 far=round(values[3], 4), hash=float(sum(v.detach().double().abs().sum() for v in p.values())))
        if args.probe_every and (step + 1) % args.probe_every == 0 and step + 1 < args.steps:
            names = [name for name in args.hold_out.split(",") if name in SCORED]
            note(step=step + 1, probe=probe(runner, average, corpus, maker, args.size, names))
    if args.device.startswith("cuda"):
        torch.cuda.synchronize()
    seconds = time.time() - clock
    note(event="trained", wall=round(seconds, 1), per_step=round(seconds / args.steps, 4),
         memory=torch.cuda.max_memory_allocated() >> 20 if runner.cuda else 0)
    machine = torch.cuda.get_device_name() if runner.cuda else platform.processor() or platform.machine()
    config["training"] = {
        "command": "python3 training/train.py " + " ".join(sys.argv[1:]), "seed": args.seed, "steps": args.steps,
        "fixedOrder": bool(args.fixed_order), "settings": {k: v for k, v in vars(args).items() if k not in (
            "pack", "out", "device", "probe_sets", "probe_every")},
        "machine": machine, "torch": torch.__version__, "wallSeconds": round(time.time() - started, 1),
        "dataSets": [{"name": n, "file": corpus.cells.sets[n]["file"], "cells": corpus.cells.sets[n]["cells"],
                      "sha256": corpus.cells.sets[n]["sha256"]} for n in corpus.trained]}
    net.write_checkpoint(args.out, average, config, corpus.vocabulary.token_ids)
    names = [n for n in SCORED if n not in corpus.trained] or ["darmanis", "mudan"]
    names = args.probe_sets.split(",") if args.probe_sets else names
    note(event="probe", probe=probe(runner, average, corpus, maker, args.size, names))
    note(event="done", total=round(time.time() - started, 1))


if __name__ == "__main__":
    main()
