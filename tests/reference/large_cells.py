"""Writes an h5ad of made-up counts to time markers with: python3 large_cells.py OUT.h5ad [csr|csc] [CELLS] [GENES]. 8 % of values are not 0."""
import sys

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

out, layout = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "csr"
cells, genes = (int(sys.argv[i]) if len(sys.argv) > i else most for i, most in ((3, 10_000), (4, 20_000)))
random = np.random.default_rng(0)
rates = random.gamma(0.12, 1.2, genes).astype(np.float32)
groups = random.integers(0, 10, cells)
blocks = []
for start in range(0, cells, 500):
    mine = rates[None] * np.where((np.arange(genes) % 50)[None] == groups[start : start + 500, None], 3, 1)
    blocks.append(sparse.csr_matrix(random.poisson(mine).astype(np.float32)))
matrix = sparse.vstack(blocks, format="csr")
print(f"{matrix.nnz} values, {100 * matrix.nnz / cells / genes:.1f} %")
obs = pd.DataFrame({"group": pd.Categorical([f"group {g}" for g in groups])}, index=[f"cell {i}" for i in range(cells)])
var = pd.DataFrame(index=[f"gene {i}" for i in range(genes)])
anndata.AnnData(matrix if layout == "csr" else matrix.tocsc(), obs=obs, var=var, dtype="float32").write_h5ad(out, compression="gzip")
