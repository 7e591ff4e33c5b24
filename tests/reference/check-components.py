"""Compares 30 principal components with scipy's in float64, of a matrix that scripts/measure-components.ts --dump DIR has written:

    python3 tests/reference/check-components.py DIR

Prints the largest difference of variances (relative) and of scores (against the largest score); exit status 1 above 1e-9 and 1e-6.
"""
import json
import sys

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import LinearOperator, eigsh

folder = sys.argv[1]
facts = json.load(open(f"{folder}/facts.json"))
rows, columns = facts["cells"], facts["genes"]
read = lambda name, kind: np.fromfile(f"{folder}/{name}.bin", kind)
matrix = csr_matrix((read("values", "f8"), read("indices", "i4"), read("indptr", "f8").astype("i8")), (rows, columns))
turned = matrix.T.tocsr()
means = np.asarray(matrix.mean(axis=0)).ravel()


def gram(vector):
    scores = matrix @ vector - means @ vector
    return turned @ scores - means * scores.sum()


values, vectors = eigsh(LinearOperator((columns, columns), gram, dtype="f8"), 30, tol=1e-13, ncv=120)
values, vectors = values[::-1], vectors[:, ::-1]
vectors *= np.sign(vectors[np.abs(vectors).argmax(axis=0), range(30)])
expected = matrix @ vectors - means @ vectors
found = read("scores", "f4").reshape(rows, 30)
of_variance = np.abs(read("variance", "f8") / (values / (rows - 1)) - 1).max()
of_scores = np.abs(found - expected).max() / np.abs(expected).max()
print(f"variance {of_variance:.1e}, scores {of_scores:.1e}")
sys.exit(of_variance > 1e-9 or of_scores > 1e-6)
