"""Checks a checkpoint against torch.nn.TransformerEncoder: same names, same embedding, same expression logits.

    python3 training/check_layout.py .train/final

Builds the public model from torch's own modules, loads the file with strict names and compares a sentence of random
tokens with and without padding. Prints the largest differences; exits with 1 where one exceeds 1e-4.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
import torch
from torch import nn

import model as net


class Positions(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.register_buffer("pe", net.sinusoids(config["max_sequence_length"], config["d_model"])[:, None])


class Embedding(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embedding = nn.Embedding(config["vocab_size"], config["embedding_dim"])
        self.layer_norm = nn.LayerNorm(config["embedding_dim"])


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        d = config["d_model"]
        self.embedding_layer, self.pos_encoder = Embedding(config), Positions(config)
        self.input_gene_embedding_projector = nn.Sequential(nn.Linear(config["embedding_dim"], d), nn.LayerNorm(d), nn.GELU())
        layer = nn.TransformerEncoderLayer(d, config["nhead"], config["dim_feedforward"], 0.0, "gelu", batch_first=True)
        self.transformer_encoder = nn.TransformerEncoder(layer, config["num_layers"])
        self.output_embedding_projector = nn.Sequential(
            nn.Linear(d, config["output_embedding_dim"]), nn.LayerNorm(config["output_embedding_dim"]))


class Decoder(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.decoder = nn.Sequential(
            nn.Dropout(0), nn.Linear(dims[0], dims[1]), nn.LayerNorm(dims[1]), nn.GELU(), nn.Dropout(0),
            nn.Linear(dims[1], dims[2]), nn.LayerNorm(dims[2]), nn.GELU(), nn.Dropout(0), nn.Linear(dims[2], dims[3]))


class Whole(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.uce, self.expression_decoder = Encoder(config), Decoder(config["decoder_layer_dims"])


def main():
    folder = sys.argv[1]
    p, config = net.read_checkpoint(folder, np.arange(0, 33256))
    whole = Whole(config)
    weights = dict(p)
    weights["uce.pos_encoder.pe"] = net.sinusoids(config["max_sequence_length"], config["d_model"])[:, None]
    print(whole.load_state_dict(weights, strict=True), len(weights), "tensors")
    whole.train()  # the fused inference path of some versions differs; with dropout 0 this one is the plain formula
    rng = np.random.default_rng(0)
    tokens = torch.from_numpy(np.concatenate([[1], rng.integers(13466, 33256, 1070)]))
    with torch.no_grad():
        u = whole.uce
        x = u.input_gene_embedding_projector(u.embedding_layer.layer_norm(u.embedding_layer.embedding(tokens)))
        gene = x[5:25]
        length = len(tokens)
        padded = torch.cat([x, torch.zeros(7, x.shape[1])]) + u.pos_encoder.pe[:length + 7, 0]
        mask = torch.arange(length + 7)[None] >= length
        theirs = net.unit(u.output_embedding_projector(
            u.transformer_encoder(padded[None], src_key_padding_mask=mask))[:, 0])
        ours_x = net.fold(p)[tokens] + net.sinusoids(length, config["d_model"])
        ours = net.unit(net.encode(p, ours_x[None], None, config["num_layers"], config["nhead"]))
        theirs_logits = whole.expression_decoder.decoder(torch.cat([theirs.expand(20, -1), gene], 1))[:, 0]
        ours_logits = net.expression(p, ours, gene[None])[0]
    worst = float((theirs - ours).abs().max()), float((theirs_logits - ours_logits).abs().max())
    print("largest difference: embedding", worst[0], "logits", worst[1])
    sys.exit(max(worst) > 1e-4)


if __name__ == "__main__":
    main()
