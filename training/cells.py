"""Cells on the device: dense counts, sampling and sentences, many cells at a time.

Compact table rows: 0 PAD, 1 CLS, 2 chromosome end, then the chromosomes in ascending order, then the genes in
ascending order of their checkpoint id. `token_ids` gives each row's id in the public vocabulary.
"""
import numpy as np
import torch

from model import CHROMOSOME_END, CHROMOSOME_OFFSET, CLS
from pack import read_pack

PAD_KEY = 1 << 30
SPECIAL = 3


class Vocabulary:
    """Genes and chromosomes of the dictionary as compact rows."""

    def __init__(self, arrays):
        self.gene_ids, self.chromosome_ids = arrays["genes/id"], arrays["genes/chromosome"].astype(np.int64)
        self.starts = arrays["genes/start"].astype(np.int64)
        self.chromosomes, self.chromosome = np.unique(self.chromosome_ids, return_inverse=True)
        self.genes = len(self.gene_ids)
        self.first_gene = SPECIAL + len(self.chromosomes)
        self.rows = self.first_gene + self.genes
        self.token_ids = np.concatenate([[0, CLS, CHROMOSOME_END], self.chromosomes + CHROMOSOME_OFFSET, self.gene_ids])
        # Rank by start: genes of one start keep the order of their ids (three pairs in the dictionary).
        self.start_rank = np.empty(self.genes, np.int64)
        self.start_rank[np.lexsort((self.gene_ids, self.starts))] = np.arange(self.genes)


class Cells:
    """Data sets of a pack as dense counts [cells, genes] on `device`, duplicated genes of a set summed."""

    def __init__(self, path, device, names=None, dtype=torch.float32):
        self.header, self.arrays, self.csr = read_pack(path)
        self.vocabulary = Vocabulary(self.arrays)
        self.device = device
        self.sets = {entry["name"]: entry for entry in self.header["sets"] if names is None or entry["name"] in names}
        self.counts, self.measured = {}, {}
        for name, entry in self.sets.items():
            indptr, indices, values = self.csr[name]
            gene = torch.from_numpy(self.arrays[f"{name}/gene"].astype(np.int64)).to(device)
            row = torch.from_numpy(np.repeat(np.arange(entry["cells"]), np.diff(indptr))).to(device)
            dense = torch.zeros(entry["cells"], self.vocabulary.genes, dtype=dtype, device=device)
            column = gene[torch.from_numpy(indices.astype(np.int64)).to(device)]
            dense.index_put_((row, column), torch.from_numpy(values).to(device, dtype), accumulate=True)
            self.counts[name] = dense
            measured = torch.zeros(self.vocabulary.genes, dtype=torch.bool, device=device)
            measured[gene] = True
            self.measured[name] = measured

    def labels(self, name, column):
        return self.arrays[f"{name}/label/{column}"].astype(np.int64)


def log_normalized(counts):
    """log1p of counts per 10,000."""
    return torch.log1p(counts / counts.sum(1, keepdim=True).clamp_min(1) * 1e4)


def principal_components(x, n=30):
    """Scores [cells, n] on the leading principal components, by the Gram matrix."""
    x = x - x.mean(0)
    values, vectors = torch.linalg.eigh((x @ x.T).double())
    return (vectors[:, -n:] * values[-n:].clamp_min(0).sqrt()).float()


def sample_genes(weights, size, low_variance, generator):
    """weights [B, genes] -> drawn genes [B, size]; `low_variance` [B] says which cells use systematic resampling."""
    cdf = torch.cumsum(weights, 1)
    count, device = weights.shape[0], weights.device
    free = torch.rand(count, size, generator=generator, device=device)
    comb = (torch.arange(size, device=device) + torch.rand(count, 1, generator=generator, device=device)) / size
    u = torch.where(low_variance[:, None], comb, free).clamp_max(1 - 1e-6)
    return torch.searchsorted(cdf, u * cdf[:, -1:], right=True).clamp_max(weights.shape[1] - 1)


class SentenceMaker:
    """Writes cell sentences (spec 4) as compact rows, padded to one length."""

    def __init__(self, vocabulary, device):
        self.vocabulary, self.device = vocabulary, device
        self.chromosome = torch.from_numpy(vocabulary.chromosome.astype(np.int64)).to(device)
        self.start_rank = torch.from_numpy(vocabulary.start_rank).to(device)
        self.number = len(vocabulary.chromosomes)

    def __call__(self, genes, generator):
        """genes [B, S] -> (rows [B, P], valid length [B]); P = S + 80 holds any number of chromosomes."""
        batch, size = genes.shape
        chromosome = self.chromosome[genes]
        present = torch.zeros(batch, self.number, dtype=torch.bool, device=self.device)
        present.scatter_(1, chromosome, torch.ones_like(chromosome, dtype=torch.bool))
        order = torch.rand(batch, self.number, generator=generator, device=self.device).argsort(1).argsort(1) << 16
        far = torch.full_like(order, PAD_KEY)
        keys = torch.cat([torch.full((batch, 1), -1, device=self.device),
                          order.gather(1, chromosome) + 1 + self.start_rank[genes],
                          torch.where(present, order, far), torch.where(present, order + 65535, far)], 1)
        marks = torch.arange(SPECIAL, SPECIAL + self.number, device=self.device).expand(batch, -1)
        rows = torch.cat([torch.ones(batch, 1, dtype=torch.long, device=self.device), genes + self.vocabulary.first_gene,
                          marks, torch.full_like(marks, 2)], 1)
        keys, index = keys.sort(1)
        rows = rows.gather(1, index).masked_fill(keys == PAD_KEY, 0)
        room = size + 80 - rows.shape[1]
        rows = torch.nn.functional.pad(rows, (0, room)) if room > 0 else rows[:, :size + 80]
        return rows, 1 + size + 2 * present.sum(1)
