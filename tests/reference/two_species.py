"""A checkpoint of two species and what it gives: fixtures/two-species/expected.json.

    python3 tests/reference/two_species.py            writes the fixture (seeded: always the same)
    python3 tests/reference/two_species.py --check    recomputes it and compares

numpy only, float64, one sentence at a time, on the unfolded token table (architectures.py). The first species is that of
fixtures/model/reference.json; the second has genes and chromosomes of its own, behind the first one's in the table. They share
a third of the symbols and the special tokens.
"""
import json
import sys

import numpy as np

from architectures import BASE, embed, weights
from forward import FOLDER as MODEL

FOLDER = MODEL.parent / "two-species"
CONFIG = {**BASE, "vocab_size": 331}
CELLS = 8


def second_genes(first, sentence):
    """120 genes on four chromosomes; a third of the symbols are the first species' own."""
    offset = sentence["chromosomeOffset"]
    genes = []
    for i in range(120):
        symbol = first[i]["symbol"] if i % 3 == 0 else first[i]["symbol"].capitalize() + "x"
        genes.append({"symbol": symbol, "token": 200 + i, "chromosome": 180 + i % 4 - offset, "start": 1000 * ((i * 37) % 120)})
    return genes


def sentence_of(genes, sentence, rng):
    drawn = [genes[i] for i in rng.integers(0, len(genes), sentence["sampleSize"])]
    chromosomes = sorted({gene["chromosome"] for gene in drawn})
    rng.shuffle(chromosomes)
    tokens = [sentence["cls"]]
    for chromosome in chromosomes:
        tokens.append(chromosome + sentence["chromosomeOffset"])
        tokens += [gene["token"] for gene in sorted((g for g in drawn if g["chromosome"] == chromosome), key=lambda g: g["start"])]
        tokens.append(sentence["chromosomeEnd"])
    return [int(token) for token in tokens]


def expected():
    reference = json.loads((MODEL / "reference.json").read_text())
    sentence, first = reference["sentence"], reference["genes"]
    rng = np.random.default_rng(20261127)
    w = weights(CONFIG, "F32")
    species = []
    for name, genes in (("human", first), ("mouse", second_genes(first, sentence))):
        sentences = [sentence_of(genes, sentence, rng) for _ in range(CELLS)]
        embeddings = [[round(float(v), 9) for v in embed(w, CONFIG, tokens)] for tokens in sentences]
        species.append({"name": name, "genes": genes, "sentences": sentences, "embeddings": embeddings})
    return {"config": CONFIG, "sentence": sentence, "species": species}


def main():
    now = expected()
    if "--check" in sys.argv:
        before = json.loads((FOLDER / "expected.json").read_text())
        pairs = zip(now["species"], before["species"])
        worst = max(np.abs(np.array(a["embeddings"]) - np.array(b["embeddings"])).max() for a, b in pairs)
        print(f"largest difference of an embedding: {worst:.1e}")
        sys.exit(int(worst > 2e-9))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "expected.json").write_text(json.dumps(now) + "\n")
    for entry in now["species"]:
        print(entry["name"], len(entry["genes"]), "genes,", sorted({len(s) for s in entry["sentences"]}), "tokens")


if __name__ == "__main__":
    main()
