"""Says whether an h5ad that `export --into` wrote is right:

    python3 tests/reference/check_export.py ORIGINAL NEW VECTORS WIDTH [ORIGINAL NEW VECTORS WIDTH ...]

VECTORS holds 32-bit floats, row-major, NaN where a cell has no vector. Exit status 1 with a line for each difference: of
obsm["X_uce"] as anndata reads it, and of every group, dataset and attribute of ORIGINAL as h5py reads them.
"""

import sys
import warnings

import anndata
import h5py
import numpy as np

def same(a, b):
    if isinstance(a, (h5py.Empty, h5py.Reference)):
        return type(a) is type(b)
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.names is None and a.dtype.kind == "f":
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=True)
    return a.dtype == b.dtype and a.shape == b.shape and a.tolist() == b.tolist()


def compare_all(original, new, vectors, width):
    faults = []

    def compare(name, before):
        after = copy.get(name)
        if after is None or type(after) is not type(before):
            return faults.append(f"{name} is missing")
        if set(before.attrs) != set(after.attrs) or not all(same(before.attrs[k], after.attrs[k]) for k in before.attrs):
            faults.append(f"{name} has other attributes")
        if isinstance(before, h5py.Dataset):
            if (before.dtype, before.chunks, before.compression) != (after.dtype, after.chunks, after.compression):
                faults.append(f"{name} is stored in another way")
            if not same(before[()], after[()]):
                faults.append(f"{name} has other values")

    with h5py.File(original) as file, h5py.File(new) as copy:
        compare("/", file["/"])
        file.visititems(compare)
        added = set()
        copy.visit(lambda name: name in file or added.add(name))
    extra = [name for name in added if not name.startswith(("obsm/X_uce", "uns/uce")) and name not in ("obsm", "uns")]
    if extra:
        faults.append(f"was added: {extra}")
    before, data = anndata.read_h5ad(original), anndata.read_h5ad(new)
    expected = np.fromfile(vectors, dtype="<f4").reshape(-1, int(width))
    if not np.array_equal(data.obsm["X_uce"], expected, equal_nan=True):
        faults.append("obsm X_uce is not the vectors")
    if list(data.obs_names) != list(before.obs_names) or not data.obs.equals(before.obs):
        faults.append("obs is another")
    if "provenance" not in data.uns["uce"]:
        faults.append("uns uce has no provenance")
    print("\n".join(f"{new}: {fault}" for fault in faults) or f"{new}: {len(expected)} vectors, everything else unchanged")
    return faults


warnings.simplefilter("ignore")
given = sys.argv[1:]
found = [fault for at in range(0, len(given), 4) for fault in compare_all(*given[at : at + 4])]
sys.exit(1 if found or not given else 0)
