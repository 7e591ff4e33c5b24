"""Computes again what scripts/answers-report.ts wrote: python3 check_answers.py FILE.h5ad DIR. Exit status 1 if a number is off."""
import json
import os
import sys

import anndata
import numpy as np

import answer_oracles as oracles

file, folder = sys.argv[1:3]
with open(os.path.join(folder, "answers.json")) as text:
    report = json.load(text)
limit = 1e-9
failed = False


def tell(name, count, largest):
    global failed
    good = largest <= limit
    failed |= not good
    print(f"{'equal' if good else 'OFF'}  {name}: {count} numbers, largest difference {largest:.1e}")


data = anndata.read_h5ad(file)
matrix = data.X if report["matrix"] == "X" else data.layers[report["matrix"].removeprefix("layers/")]
counts = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
codes = np.array(report["classes"]["codes"])
text = data.obs[report["labels"]].astype(str).to_numpy()
names = np.array(report["classes"]["names"])
assert all(code < 0 or names[code] == value for code, value in zip(codes, text)), "codes do not stand for the column's values"

kept = codes >= 0
values = oracles.log_normalized(counts[kept])
donors = None if report.get("donorClasses") is None else np.array(report["donorClasses"]["codes"])[kept]
markers = report["markers"]
found = np.fromfile(os.path.join(folder, "markers.bin")).reshape(len(markers["groups"]), len(markers["columns"]), markers["genes"])
largest = dict.fromkeys(markers["columns"], 0.0)
votes = 0
for mine, group in zip(found, markers["groups"]):
    expected = oracles.markers(values, codes[kept] == list(names).index(group["name"]), donors)
    for column, numbers in zip(markers["columns"], mine):
        difference = np.abs(numbers - expected[column])
        if column in ("p", "q"):  # relative, down to what float64 can hold
            difference = np.where(expected[column] > 1e-300, difference / np.maximum(expected[column], 1e-300), difference)
        largest[column] = max(largest[column], difference.max())
    if donors is not None:
        votes = max(votes, abs(group["donors"] - expected["donors"]), np.abs(np.array(group["higher"]) - expected["higher"]).max())
for column, most in largest.items():
    tell(f"markers {column}", found.shape[0] * found.shape[2], most)
if donors is not None:
    tell("markers, donors", found.shape[0] * found.shape[2], votes)

if report.get("scores") is not None:
    scores = report["scores"]
    vectors = np.fromfile(os.path.join(folder, "vectors.bin"), dtype=np.float32).reshape(-1, scores["width"])
    batches = None if scores["batches"] is None else np.array(scores["batches"])
    expected = oracles.integration(vectors, np.array(scores["labels"]), batches, np.array(scores["clusters"]))
    for name, value in expected.items():
        tell(f"score {name} {value:.4f}", 1, abs(scores["scores"][name] - value))
sys.exit(failed)
