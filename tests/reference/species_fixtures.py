"""Writes tests/fixtures/species: a gene dictionary of two made-up species, small h5ad files of either and of both, and numpy's sentences.

    /usr/bin/python3 tests/reference/species_fixtures.py

Symbols of the two differ in their letters, as those of human and mouse do, but for BOTH0 to BOTH7; ids and names of genomes are
Ensembl's and UCSC's. expected.json has the tokens of the first cells of each file under the species named there, as numpy draws them
(sentences.py).
"""
import json
import pathlib

import anndata
import numpy as np
import pandas as pd

from sentences import cell_probabilities, cell_sentence

OUT = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "species"
HUMAN = [f"GENE{i}" for i in range(60)] + [f"BOTH{i}" for i in range(8)]
MOUSE = [f"Gene{i}" for i in range(45)] + [f"BOTH{i}" for i in range(8)]
CELLS = 12
rng = np.random.default_rng(13)


def part(symbols, first, chromosome):
    return {symbol: {"protein_embedding_id": str(first + i), "chromosome_id": str(chromosome + i % 3), "location": str(1000 * (i * 7 % 60))}
            for i, symbol in enumerate(symbols)}


DICTIONARY = {"human": part(HUMAN, 2100, 564), "mouse": part(MOUSE, 2200, 620)}


def counts(n, mean):
    return rng.poisson(mean, (CELLS, n)).astype(np.float32)


def write(name, names, values, columns=None, obs=None):
    var = pd.DataFrame(columns or {}, index=names)
    data = anndata.AnnData(values, var=var, obs=pd.DataFrame(obs or {}, index=[f"{name}{i}" for i in range(len(values))]), dtype=np.float32)
    data.write_h5ad(OUT / f"{name}.h5ad", compression="gzip")


def tokens(names, values, species):
    known = DICTIONARY[species]
    matched = [i for i, symbol in enumerate(names) if symbol in known]
    facts = np.array([[int(known[names[i]][k]) for k in ("protein_embedding_id", "chromosome_id", "location")] for i in matched])
    found = []
    for row in range(3):
        probabilities = cell_probabilities(values[row, matched], "rounded", "rounded")
        found.append(cell_sentence(probabilities, facts[:, 0], facts[:, 1], facts[:, 2], row)[2])
    return found


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "dictionary.json").write_text(json.dumps(DICTIONARY) + "\n")
    human, mouse = counts(len(HUMAN), 2.0), counts(len(MOUSE), 2.0)
    write("human", HUMAN, human)
    write("mouse", MOUSE, mouse)
    write("mouse-ids", [f"ENSMUSG{i + 1:011d}" for i in range(len(MOUSE))], mouse, {"feature_name": MOUSE})
    both = [f"GRCh38_{symbol}" for symbol in HUMAN] + [f"mm10___{symbol}" for symbol in MOUSE]
    # The first half of the cells is human, the other mouse, each with a little of the other.
    turn = np.arange(CELLS)[:, None] < CELLS / 2
    mixed = np.hstack([np.where(turn, human, counts(len(HUMAN), 0.1)), np.where(turn, counts(len(MOUSE), 0.1), mouse)]).astype(np.float32)
    write("barnyard", both, mixed)
    shared = [f"BOTH{i}" for i in range(8)]
    write("shared", shared, counts(8, 2.0))
    write("rat-ids", [f"ENSRNOG{i + 1:011d}" for i in range(len(MOUSE))], mouse, {"feature_name": MOUSE})
    write("tissues", HUMAN, human, obs={"tissue": pd.Categorical(["brain"] * 8 + ["lung"] * 4)})
    expected = {
        "human": {"species": "human", "tokens": tokens(HUMAN, human, "human")},
        "mouse": {"species": "mouse", "tokens": tokens(MOUSE, mouse, "mouse")},
        "mouse-ids": {"species": "mouse", "tokens": tokens(MOUSE, mouse, "mouse")},
        "barnyard": {"species": "human", "tokens": tokens(HUMAN, mixed[:, :len(HUMAN)], "human")},
    }
    (OUT / "expected.json").write_text(json.dumps(expected) + "\n")
    share = mixed[:, :len(HUMAN)].sum() / mixed.sum()
    print(f"barnyard: {100 * share:.1f} % of the counts are human")


if __name__ == "__main__":
    main()
