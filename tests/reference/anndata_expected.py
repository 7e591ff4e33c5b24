"""Dumps what anndata, h5py and scipy read from h5ad files, as compact facts that the tests compare ours with.

    /usr/bin/python3 tests/reference/anndata_expected.py odd      ../shared/data/odd          -> odd-expected.json
    /usr/bin/python3 tests/reference/anndata_expected.py cells    ../shared/data/cells        -> cells-expected.json
    /usr/bin/python3 tests/reference/anndata_expected.py fixtures tests/fixtures/anndata      -> fixtures-expected.json

Made with Python 3.11, anndata 0.8.0, h5py 3.7.0, scipy 1.10.1, numpy 1.24.2. Whole arrays are told by sha256 of
canonical bytes: a matrix as csr with duplicates added up, zeros left out and columns sorted (indptr int32, indices
int32, values float64), NaN replaced by -987654.25; text joined by NUL, missing text as the byte 1.
"""
import hashlib
import json
import pathlib
import sys
import warnings

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

warnings.filterwarnings("ignore")
NAN = -987654.25
OUT = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "anndata"


def digest(*parts):
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part if isinstance(part, bytes) else np.ascontiguousarray(part).tobytes())
    return sha.hexdigest()[:16]


def without_nan(values):
    values = np.asarray(values, dtype="<f8").copy()
    values[np.isnan(values)] = NAN
    return values


def text_bytes(values):
    return b"\0".join(b"\1" if v is None or v is pd.NA or v != v else str(v).encode() for v in values)


def names_facts(index):
    names = [str(name) for name in index]
    return {"n": len(names), "first": names[:2], "sha": digest(text_bytes(names))}


def matrix_facts(matrix, rows=None):
    dtype = str(matrix.dtype.newbyteorder("="))
    kind = {"csr": "csr", "csc": "csc"}.get(getattr(matrix, "format", None), "dense")
    shape = list(matrix.shape)
    if rows is not None:
        matrix = matrix[:rows]
    if matrix.dtype.kind == "f":
        matrix = matrix.astype("f8")  # adding float32 duplicates in float32 is scipy's choice, not the file's
    csr = sparse.csr_matrix(matrix) if sparse.issparse(matrix) else dense_to_csr(np.asarray(matrix))
    csr = csr.astype("f8")
    csr.sum_duplicates()
    csr.eliminate_zeros()
    csr.sort_indices()
    data = csr.data
    return {
        "encoding": kind, "shape": shape, "dtype": dtype, "nonzero": int(csr.nnz),
        "sum": float(data[np.isfinite(data)].sum()), "nan": int(np.isnan(data).sum()),
        "sha": digest(csr.indptr.astype("<i4"), csr.indices.astype("<i4"), without_nan(data)),
    }


def dense_to_csr(matrix):
    rows, columns = np.nonzero(matrix)
    return sparse.csr_matrix((matrix[rows, columns].astype("f8"), (rows, columns)), shape=matrix.shape)


def column_facts(series):
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        categories = series.cat.categories
        numeric = pd.api.types.is_numeric_dtype(categories) and not pd.api.types.is_bool_dtype(categories)
        told = without_nan(categories) if numeric else text_bytes(categories)
        return {"kind": "categorical", "n": len(categories), "ordered": bool(series.cat.ordered),
                "numericCategories": bool(numeric), "sha": digest(np.asarray(series.cat.codes, dtype="<i4"), told)}
    if pd.api.types.is_bool_dtype(dtype):
        return {"kind": "boolean", "sha": digest(np.array([-1 if v is pd.NA else int(v) for v in series], dtype="i1"))}
    if pd.api.types.is_numeric_dtype(dtype):
        values = series.to_numpy(dtype="f8", na_value=np.nan)
        return {"kind": "numeric", "sha": digest(without_nan(values))}
    return {"kind": "string", "sha": digest(text_bytes(series))}


def table_facts(frame):
    return {"names": names_facts(frame.index), "columns": {str(c): column_facts(frame[c]) for c in frame.columns}}


def obsm_facts(value):
    if isinstance(value, pd.DataFrame):
        value = value.select_dtypes("number").to_numpy()
    if sparse.issparse(value) or value.ndim not in (1, 2):
        return None
    value = np.asarray(value)
    return {"shape": [value.shape[0], value.shape[1] if value.ndim == 2 else 1],
            "sha": digest(without_nan(value.astype("<f4").ravel()))}


def facts(path, rows=None):
    try:
        data = anndata.read_h5ad(path)
    except Exception as error:
        return {"fails": type(error).__name__}
    if rows is not None:
        return {"nObs": data.n_obs, "nVar": data.n_vars, "names": names_facts(data.obs_names),
                "genes": names_facts(data.var_names), "X": matrix_facts(data.X, rows), "rows": rows}
    matrices = {} if data.X is None else {"X": matrix_facts(data.X)}
    if data.raw is not None:
        matrices["raw/X"] = matrix_facts(data.raw.X)
    for name in data.layers.keys():
        matrices[f"layers/{name}"] = matrix_facts(data.layers[name])
    obsm = {name: obsm_facts(data.obsm[name]) for name in data.obsm.keys()}
    found = {"nObs": data.n_obs, "nVar": data.n_vars, "obs": table_facts(data.obs), "var": table_facts(data.var),
             "matrices": matrices, "obsm": {name: told for name, told in obsm.items() if told is not None}}
    if data.raw is not None:
        found["raw/var"] = table_facts(data.raw.var)
    return found


def main(kind, folder):
    files = sorted(p for p in pathlib.Path(folder).iterdir() if p.suffix in (".h5ad", ".h5"))
    told = {path.name: facts(path, 50 if kind == "cells" else None) for path in files}
    target = OUT / f"{kind}-expected.json"
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(fact, separators=(',', ':'))}" for name, fact in told.items())
    target.write_text("{\n" + lines + "\n}\n")
    print(f"{target.name}: {len(told)} files, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
