#!/usr/bin/env python3
"""Makes tests/fixtures/cells/*.json: seeded synthetic cells with what sentences.py makes of them, and numpy's vectors.

    python3 make-cells-fixture.py        (numpy only; written with numpy 1.24.2 and, the same, with 2.4.6)

Probabilities use the correctly rounded log1p and sum, so that the fixture does not depend on a processor's last bit.
"""
import json
import os
import sys

import numpy as np

sys.dont_write_bytecode = True
from sentences import base64_of, cell_sentence, cell_probabilities  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "fixtures", "cells")
SEED = 20240611
N_GENES, N_CELLS = 400, 24


def make_genes(generator):
    """60 of the model's genes are not in the file; chromosomes have gaps; some starts are shared, some across chromosomes."""
    chromosomes = generator.choice([564, 565, 567, 570, 584, 585, 590, 612, 613], size=460)
    starts = generator.integers(1, 248_000_000, size=460)
    for tied, other in [(10, 11), (12, 13), (12, 14), (200, 350)]:
        chromosomes[other] = chromosomes[tied]
        starts[other] = starts[tied]
    starts[21] = starts[20]
    tokens = 13466 + generator.permutation(19790)[:460]
    return [{"symbol": f"GENE{i}", "token": int(tokens[i]), "chromosome": int(chromosomes[i]), "start": int(starts[i])}
            for i in range(460)]


def make_names(generator):
    """400 columns: 300 of the model's genes in shuffled order, two of them again, and 98 that it does not know."""
    names = [f"GENE{i}" for i in generator.permutation(400)[:300]]
    for needed in range(10, 22):
        if f"GENE{needed}" not in names:
            names[needed * 3] = f"GENE{needed}"
    names += [names[5], names[17]] + [f"UNKNOWN{i}" for i in range(N_GENES - 302)]
    return [names[i] for i in generator.permutation(N_GENES)]


def make_counts(generator, names, genes):
    known = np.array([name in {gene["symbol"] for gene in genes} for name in names])
    counts = np.zeros((N_CELLS, N_GENES))
    for row in range(N_CELLS):
        density, depth = generator.uniform(0.02, 0.7), generator.uniform(0.5, 60)
        mask = generator.random(N_GENES) < density
        counts[row, mask] = 1 + generator.poisson(generator.exponential(depth, size=mask.sum()))
    counts[3] = 0
    counts[7, known] = 0
    counts[9] = 0
    counts[9, np.nonzero(known)[0][-1]] = 3
    counts[11] = 0
    counts[11, np.nonzero(known)[0][[0, 40]]] = [1, 250_000]
    counts[13] = 0
    tied = [names.index(f"GENE{i}") for i in [10, 11, 12, 13, 14, 20, 21]]
    counts[13, tied] = [3, 2, 9, 4, 6, 1, 1]
    counts[15] *= 0.37
    return counts


def make_cells():
    generator = np.random.default_rng(SEED)
    genes = make_genes(generator)
    names = make_names(generator)
    counts = make_counts(generator, names, genes)
    by_symbol = {gene["symbol"]: gene for gene in genes}
    matched = [i for i, name in enumerate(names) if name in by_symbol]
    facts = np.array([[by_symbol[names[i]][key] for key in ("token", "chromosome", "start")] for i in matched])
    first_row = 100
    cells = []
    for i, dense in enumerate(counts):
        row = first_row + i
        stored = np.nonzero(dense)[0]
        cell = {"row": row, "columns": base64_of(stored, "<i4"), "counts": base64_of(dense[stored], "<f8")}
        probabilities = cell_probabilities(dense[matched], log1p="rounded", total="rounded")
        if probabilities is not None:
            kept = np.nonzero(probabilities)[0]
            cell["genes"] = base64_of(kept, "<i4")
            cell["probabilities"] = base64_of(probabilities[kept], "<f4")
            drawn, order, tokens = cell_sentence(probabilities, *facts.T, row)
            cell["draws"] = base64_of(drawn, "<u2")
            cell["chromosomes"] = order.tolist()
            cell["reference"] = base64_of(tokens, "<u2")
            cell["lowVariance"] = base64_of(cell_sentence(probabilities, *facts.T, row, "low-variance")[2], "<u2")
            if i < 3:
                cell["secondRound"] = base64_of(cell_sentence(probabilities, *facts.T, row + 1000)[2], "<u2")
        cells.append(cell)
    return {"numpy": np.__version__, "seed": SEED, "nCellsInFile": 1000, "genes": genes, "names": names,
            "unmatched": [name for name in names if name not in by_symbol], "cells": cells}


def make_generator_vectors():
    """numpy's own output for seeds of one, two and three 32-bit digits, and shuffles after doubles."""
    seeds = [0, 1, 2, 7, 42, 466, 99_999, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**40 + 12345, 2**53 - 1,
             0xDEADBEAF, 2**64 + 3, 2**130 + 17]
    vectors = []
    for seed in seeds:
        doubles = np.random.default_rng(seed).random(40)
        generator = np.random.default_rng(seed)
        generator.random(1024)
        after = np.arange(24)
        generator.shuffle(after)
        # A second shuffle starts on a buffered half where the first left one; a double between leaves it there.
        between = generator.random()
        again = np.arange(39)
        generator.shuffle(again)
        long = np.arange(300)
        np.random.default_rng(seed).shuffle(long)
        state = np.random.default_rng(seed).bit_generator.state["state"]
        vectors.append({"seed": str(seed), "state": hex(state["state"]), "increment": hex(state["inc"]),
                        "raw": [f"{int(v):016x}" for v in np.random.PCG64(seed).random_raw(20)],
                        "doubles": base64_of(doubles, "<f8"), "shuffleAfterDoubles": after.tolist(), "between": between,
                        "secondShuffle": again.tolist(), "longShuffle": long.tolist()})
    return {"numpy": np.__version__, "vectors": vectors}


def write(name, content):
    os.makedirs(FIXTURES, exist_ok=True)
    with open(os.path.join(FIXTURES, name), "w") as file:
        json.dump(content, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    write("cells.json", make_cells())
    write("generator.json", make_generator_vectors())
