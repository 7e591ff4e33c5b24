"""Writes tests/fixtures/answers/*.json: small made-up cells, and what numpy and scipy say of them (answer_oracles.py)."""
import json
import os

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

import answer_oracles as oracles

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "answers")


def plain(value):
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value


def write(name, value):
    with open(os.path.join(folder, name), "w") as file:
        json.dump(plain(value), file)
        file.write("\n")


def markers():
    random = np.random.default_rng(1)
    cells, genes = 90, 40
    groups = random.integers(0, 3, cells)
    groups[:4] = -1  # take no part
    donors = random.integers(-1, 3, cells)
    rates = random.gamma(0.4, 2, (1, genes)) * np.where((np.arange(genes) % 4)[None] == groups[:, None], 4, 1)
    counts = random.poisson(rates * random.gamma(4, 0.25, (cells, 1)))
    counts[:, 5] = 0  # a gene that no cell has
    counts[10] = 0  # a cell without counts
    kept = groups >= 0
    values = oracles.log_normalized(counts)[kept]
    found = [oracles.markers(values, groups[kept] == group, donors[kept]) for group in range(3)]
    names = ["B cell", "NK cell", "T cell"]
    obs = pd.DataFrame(
        {
            "type": pd.Categorical([None if g < 0 else names[g] for g in groups]),
            "donor": pd.Categorical([None if d < 0 else f"donor {d + 1}" for d in donors]),
        },
        index=[f"cell-{i}" for i in range(cells)],
    )
    var = pd.DataFrame(index=[f"GENE{i}" for i in range(genes)])
    made = anndata.AnnData(sparse.csr_matrix(counts.astype(np.float32)), obs=obs, var=var, dtype="float32")
    made.write_h5ad(os.path.join(folder, "labeled.h5ad"), compression="gzip")
    write("markers.json", {"counts": counts, "groups": groups, "donors": donors, "expected": found})


def integration():
    random = np.random.default_rng(2)
    cells, width = 240, 6
    labels = np.sort(random.integers(0, 4, cells))
    batches = random.integers(0, 3, cells)
    batches[labels == 3] = 1  # a label of one batch
    centers, shifts = 2.2 * random.normal(size=(4, width)), 0.7 * random.normal(size=(3, width))
    vectors = (centers[labels] + shifts[batches] + random.normal(size=(cells, width))).astype(np.float32)
    clusters = np.where(random.random(cells) < 0.2, random.integers(0, 5, cells), labels)
    expected = oracles.integration(vectors, labels, batches, clusters)
    write("integration.json", {"width": width, "vectors": vectors.ravel().astype(float), "labels": labels, "batches": batches, "clusters": clusters, "expected": expected})


def gene_sets():
    random = np.random.default_rng(3)
    counts = random.poisson(random.gamma(0.1, 3, (1, 1800)) * random.gamma(2, 1, (12, 1)))
    dense = random.poisson(3, (3, 1800))  # cells with more than 1,500 genes
    counts = np.vstack([counts, dense, np.zeros((1, 1800), int)])
    sets = [[3, 10, 40], sorted(random.choice(1800, 25, replace=False).tolist()), [1799]]
    rows, columns = np.nonzero(counts)
    write(
        "gene-sets.json",
        {
            "genes": 1800,
            "indptr": np.append(0, np.cumsum((counts > 0).sum(axis=1))),
            "indices": columns,
            "values": counts[rows, columns],
            "sets": sets,
            "expected": np.stack([oracles.gene_set(counts, columns) for columns in sets], axis=1),
        },
    )


markers()
integration()
gene_sets()
