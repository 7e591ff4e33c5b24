"""Small checkpoints of the original UCE in the public layout, and what PyTorch makes of them: fixtures/original/.

    /usr/bin/python3 tests/reference/original.py            writes the fixtures (seeded: the same numbers every time)
    /usr/bin/python3 tests/reference/original.py --check    computes the vectors anew and compares

model.torch is what torch.save writes of the state dict, with PyTorch's own modules and names; model.safetensors would hold the same
tensors under the same names, and is made of it by the tests. Sizes are small and all different, so that a swapped axis shows.
The model runs in float32 in PyTorch, sequence first and without padding, as the public code does for sentences of one length.
The expression head is asked for the logits of some genes: its layer takes rows of the token table as they are.
"""
import json
import math
import sys
from pathlib import Path

import torch
from torch import nn

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "original"
SIZES = {"token_dim": 40, "d_model": 32, "nhead": 2, "d_hid": 64, "nlayers": 2, "output_dim": 48}
VOCABULARY, MAX_LENGTH = 170, 64
# As in the public code, but for the places: PAD 0, chromosome end 2, CLS 3; chromosomes behind the genes.
SENTENCE = {"sampleSize": 40, "pad": 0, "cls": 3, "chromosomeEnd": 2, "chromosomeOffset": 160}
CELLS, HEAD_GENES = 24, 12


def block(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, outputs), nn.LayerNorm(outputs), nn.GELU(), nn.Dropout(0.05))


def folded(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, outputs), nn.GELU(), nn.LayerNorm(outputs))


class Positions(nn.Module):
    def __init__(self, width):
        super().__init__()
        place = torch.arange(MAX_LENGTH).unsqueeze(1)
        frequency = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
        table = torch.zeros(MAX_LENGTH, 1, width)
        table[:, 0, 0::2], table[:, 0, 1::2] = torch.sin(place * frequency), torch.cos(place * frequency)
        self.register_buffer("pe", table)


class Model(nn.Module):
    """The modules and names of the checkpoint; what is computed stands in embed() and logits()."""

    def __init__(self, token_dim, d_model, nhead, d_hid, nlayers, output_dim):
        super().__init__()
        self.pos_encoder = Positions(d_model)
        self.encoder = folded(token_dim, d_model)
        self.transformer_encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model, nhead, d_hid, 0.05), nlayers)
        self.decoder = nn.Sequential(block(d_model, 24), block(24, output_dim), block(output_dim, output_dim), nn.Linear(output_dim, output_dim))
        self.binary_decoder = nn.Sequential(block(output_dim + d_model, 56), block(56, 16), block(16, 8), nn.Linear(8, 1))
        self.gene_embedding_layer = folded(token_dim, d_model)
        self.pe_embedding = nn.Embedding(VOCABULARY, token_dim)

    def embed(self, tokens):
        x = nn.functional.normalize(self.pe_embedding(tokens).unsqueeze(1), dim=2)
        x = self.encoder(x) * math.sqrt(x.new_tensor(SIZES["d_model"]))
        x = x + self.pos_encoder.pe[:len(tokens)]
        return nn.functional.normalize(self.decoder(self.transformer_encoder(x))[0], dim=1)[0]

    def logits(self, cell, genes):
        rows = self.gene_embedding_layer(self.pe_embedding(genes))
        return self.binary_decoder(torch.hstack((cell.expand(len(genes), -1), rows)))[:, 0]


def random_model():
    """Weights as PyTorch starts them, with noise where it starts with ones and zeros, and a table of rows of unequal length."""
    torch.manual_seed(20261128)
    model = Model(**SIZES)
    for name, values in model.named_parameters():
        with torch.no_grad():
            if values.dim() == 1:
                values.add_(0.1 * torch.randn_like(values))
            elif "in_proj" in name:
                values.mul_(3)
            elif name == "pe_embedding.weight":
                values.mul_(0.5 + torch.rand(VOCABULARY, 1))
    return model.eval()


def genes():
    """150 genes on five chromosomes."""
    return [{"symbol": f"GENE{i}", "token": 10 + i, "chromosome": 1 + i % 5, "start": 1000 * ((i * 37) % 150)} for i in range(150)]


def sentences(listed):
    """Tokens of CELLS cells, each of which expresses a third of the genes of three or four chromosomes."""
    generator = torch.Generator().manual_seed(7)
    found = []
    for cell in range(CELLS):
        chromosomes = (torch.randperm(5, generator=generator) + 1)[: 3 + cell % 2].tolist()
        own = [gene for gene in listed if gene["chromosome"] in chromosomes]
        expressed = [own[i] for i in torch.randperm(len(own), generator=generator)[: len(own) // 3].tolist()]
        drawn = [expressed[i] for i in torch.randint(len(expressed), (SENTENCE["sampleSize"],), generator=generator).tolist()]
        tokens = [SENTENCE["cls"]]
        for chromosome in chromosomes:
            tokens.append(chromosome + SENTENCE["chromosomeOffset"])
            tokens += [gene["token"] for gene in sorted((g for g in drawn if g["chromosome"] == chromosome), key=lambda g: g["start"])]
            tokens.append(SENTENCE["chromosomeEnd"])
        found.append(tokens)
    return found


def expected(model):
    listed = genes()
    asked = [gene["token"] for gene in listed[5: 5 + 7 * HEAD_GENES: 7]]
    with torch.no_grad():
        spelled = sentences(listed)
        cells = [model.embed(torch.tensor(tokens)) for tokens in spelled]
        logits = [model.logits(cell, torch.tensor(asked)) for cell in cells[:6]]
    short = lambda values: [round(float(value), 8) for value in values]
    return {
        "config": SIZES, "sentence": SENTENCE, "genes": listed, "sentences": spelled, "embeddings": [short(cell) for cell in cells],
        "expression": {"genes": asked, "logits": [short(row) for row in logits]},
    }


def main():
    model = random_model()
    now = expected(model)
    if "--check" in sys.argv:
        before = json.loads((FOLDER / "expected.json").read_text())
        worst = (torch.tensor(now["embeddings"]) - torch.tensor(before["embeddings"])).abs().max()
        print(f"largest difference of an embedding: {worst:.1e}")
        sys.exit(int(worst > 1e-6))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "expected.json").write_text(json.dumps(now) + "\n")
    torch.save(model.state_dict(), FOLDER / "model.torch")
    vectors = torch.tensor(now["embeddings"])
    print(len(vectors), "cells, mean cosine between cells", round(float((vectors @ vectors.T).mean()), 3))


if __name__ == "__main__":
    main()
