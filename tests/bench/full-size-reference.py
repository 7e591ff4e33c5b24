"""Float64 vectors of sentences by the unfolded model of a checkpoint of any size, as forward.py computes them (numpy only):

    python3 full-size-reference.py CHECKPOINT SENTENCES.json VECTORS.json

SENTENCES.json holds a list of lists of checkpoint tokens; VECTORS.json gets a list of unit vectors. Of the token table only the rows of a
sentence are read. CHECKPOINT has config.json and a float32 model.safetensors.
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "reference")]
import forward  # noqa: E402

TABLE = "uce.embedding_layer.embedding.weight"


class Rows:
    """Rows of a table on disk, widened to float64 when they are asked for."""

    def __init__(self, values):
        self.values = values

    def __getitem__(self, rows):
        return self.values[rows].astype(np.float64)


def open_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            sys.exit(f"{name} is {entry['dtype']}, not F32")
        start, shape = 8 + length + entry["data_offsets"][0], tuple(entry["shape"])
        values = np.memmap(path, dtype="<f4", mode="r", offset=start, shape=shape)
        tensors[name] = Rows(values) if name == TABLE else np.array(values, dtype=np.float64)
    return tensors


def main():
    checkpoint, sentences, out = map(Path, sys.argv[1:4])
    config = json.loads((checkpoint / "config.json").read_text())
    weights = open_safetensors(checkpoint / "model.safetensors")
    vectors = [list(map(float, forward.embed(weights, config, tokens))) for tokens in json.loads(sentences.read_text())]
    out.write_text(json.dumps(vectors))


if __name__ == "__main__":
    main()
