"""Makes small h5ad files in tests/fixtures/choice, of kinds that users have, and what is right to read of each.

    /usr/bin/python3 tests/reference/choice_fixtures.py [FOLDER of users-files]

Writes tests/fixtures/choice/*.h5ad and tests/fixtures/choice-expected.json: for each file the matrix to be used, facts of its
counts on genes alone (computed here with numpy from what was written, or with h5py from the file), the genes' names, what is left
out and its share of the counts. With FOLDER also tests/fixtures/users-files-expected.json, for the files there that this part is
about. Seeded; Python 3.11, h5py 3.7.0, numpy 1.24.2, scipy 1.10.1. The files are written with h5py alone.
"""
import json
import pathlib
import sys

import h5py
import numpy as np
from scipy import sparse

from anndata_expected import matrix_facts, names_facts

HERE = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
ROOT = HERE / "choice"
GENES = """TP53 CD3E CD4 CD8A MS4A1 NKG7 LYZ PPBP FOXP3 GAPDH ACTB B2M MALAT1 S100A8 S100A9 CST3 FCGR3A GNLY CCR7 IL7R
CD14 CD19 CD79A HLA-DRA FCER1A PTPRC EPCAM KRT8 KRT18 VIM""".split()
N, G = 12, len(GENES)


def counts(seed, n=N, g=G):
    random = np.random.default_rng(seed)
    return (random.poisson(2.0, (n, g)) * (random.random((n, g)) < 0.7)).astype("f4")


def text(group, name, values):
    group.create_dataset(name, data=np.array(values, dtype="S"))


def frame(file, place, names, categorical=(), **columns):
    group = file.create_group(place)
    group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
    group.attrs["column-order"] = np.array(list(columns), dtype=h5py.string_dtype()) if columns else np.array([], dtype="f8")
    text(group, "_index", names)
    for name, values in columns.items():
        if name not in categorical:
            text(group, name, values)
            continue
        categories = list(dict.fromkeys(values))
        sub = group.create_group(name)
        sub.attrs.update({"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False})
        text(sub, "categories", categories)
        sub.create_dataset("codes", data=np.array([categories.index(value) for value in values], dtype="i1"))


def matrix(file, place, values, encoding="csr"):
    if encoding == "dense":
        file.create_dataset(place, data=values)
        return
    made = sparse.csr_matrix(values) if encoding == "csr" else sparse.csc_matrix(values)
    group = file.create_group(place)
    group.attrs.update({"encoding-type": f"{encoding}_matrix", "encoding-version": "0.1.0", "shape": np.array(values.shape)})
    for part in ("data", "indices", "indptr"):
        group.create_dataset(part, data=getattr(made, part))


def start(name, x, names, encoding="csr", categorical=(), **columns):
    path = ROOT / f"{name}.h5ad"
    path.unlink(missing_ok=True)
    file = h5py.File(path, "w", libver=("v110", "v110"))
    file.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
    frame(file, "obs", [f"cell{i}" for i in range(len(x))])
    frame(file, "var", names, categorical, **columns)
    matrix(file, "X", x, encoding)
    return file


def log1p(x, target, base=np.e):
    total = x.sum(axis=1, keepdims=True)
    return (np.log1p(x * (target / total)) / np.log(base)).astype("f4")


def facts(values):
    told = matrix_facts(np.asarray(values, dtype="f8"))
    return {key: told[key] for key in ("shape", "nonzero", "sum", "sha")}


EXPECTED = {}


def expect(name, used, values, names, kinds=(), notes=(), aligned=None):
    """`kinds`: (type, number, share of all counts) of what is left out."""
    EXPECTED[name] = {
        "matrix": used, "facts": None if values is None else facts(values), "names": names_facts(names),
        "leftOut": [{"type": kind, "count": count, "share": share} for kind, count, share in kinds], "notes": list(notes),
    }


def features():
    c = counts(1)
    tags = counts(2, g=4) * 7 + 3
    c, tags = c.astype("f8"), tags.astype("f8")  # shares are of float64 sums
    total = c.sum() + tags.sum()
    antibodies = ["CD3E", "CD4", "CD19", "CD14"]
    start("antibodies_first", np.hstack([tags, c]), antibodies + GENES, categorical=("feature_types",),
          feature_types=["Antibody Capture"] * 4 + ["Gene Expression"] * G).close()
    kinds = [("Antibody Capture", 4, float(tags.sum() / total))]
    expect("antibodies_first", "X", c, GENES, kinds, ["features-left-out"])

    order = np.random.default_rng(3).permutation(G + 4)
    both, names = np.hstack([c, tags])[:, order], np.array(GENES + ["HTO1", "HTO2", "CD4", "CD19"])[order]
    types = np.array(["RNA"] * G + ["HTO"] * 2 + ["ADT"] * 2)[order]
    genes = types == "RNA"
    share = {kind: float(both[:, types == kind].sum() / total) for kind in ("HTO", "ADT")}
    kinds = [(kind, 2, share[kind]) for kind in map(str, dict.fromkeys(types)) if kind != "RNA"]
    for encoding in ("csc", "dense"):
        start(f"modality_mixed_{encoding}", both, names, encoding, modality=types).close()
        expect(f"modality_mixed_{encoding}", "X", both[:, genes], names[genes], kinds, ["features-left-out"])

    probes = np.hstack([c, tags])
    start("unknown_beside_expression", probes, GENES + ["BLANK_1", "NegControl", "x", "y"], FeatureType=(
        ["Gene Expression"] * (G - 1) + [""] + ["Blank Codeword", "Something New", "Something New", "Something New"])).close()
    expect("unknown_beside_expression", "X", c, GENES, [
        ("Blank Codeword", 1, float(tags[:, 0].sum() / total)), ("Something New", 3, float(tags[:, 1:].sum() / total))],
        ["features-left-out"])

    start("biotypes", c, GENES, feature_type=["protein_coding"] * (G - 2) + ["lncRNA", "IG_C_gene"], type=["gene"] * G).close()
    expect("biotypes", "X", c, GENES)

    start("antibodies_alone", tags, antibodies, feature_types=["Antibody Capture"] * 4).close()
    expect("antibodies_alone", None, None, [])

    # raw/var says nothing of types: features that var knows as antibodies are left out of raw/X too.
    file = start("raw_without_types", log1p(np.hstack([c, tags])[:, 5:], 1e4), (GENES + antibodies_ids(4))[5:],
                 feature_types=["Gene Expression"] * (G - 5) + ["Antibody Capture"] * 4)
    matrix(file, "raw/X", np.hstack([tags, c]))
    frame(file, "raw/var", antibodies_ids(4) + GENES)
    file.close()
    expect("raw_without_types", "raw/X", c, GENES, [("Antibody Capture", 4, float(tags.sum() / total))],
           ["features-left-out"])


def antibodies_ids(n):
    return [f"AB-{i}" for i in range(n)]


def names_of_raw():
    c = counts(4)
    ids = [f"ENSG{10 ** 10 + 7 * i:011d}" for i in range(G)]
    order = np.random.default_rng(5).permutation(G)[: G - 6]
    file = start("raw_ids_symbols_in_index", log1p(c, 1e4)[:, order], np.array(GENES)[order], gene_ids=np.array(ids)[order])
    matrix(file, "raw/X", c)
    frame(file, "raw/var", ids)
    file.close()
    known = [gene if i in order else ids[i] for i, gene in enumerate(GENES)]
    expect("raw_ids_symbols_in_index", "raw/X", c, known)

    file = start("raw_ids_symbols_in_column", log1p(c, 1e4), ids, categorical=("feature_name",), feature_name=GENES)
    matrix(file, "raw/X", c)
    frame(file, "raw/var", ids)
    file.close()
    expect("raw_ids_symbols_in_column", "raw/X", c, GENES)

    file = start("var_ids_symbols_in_raw", c[:, ::2], ids[::2])
    matrix(file, "raw/X", log1p(c, 1e4))
    frame(file, "raw/var", ids, symbol=GENES)
    file.close()
    expect("var_ids_symbols_in_raw", "X", c[:, ::2], GENES[::2])


def noise():
    c = counts(6)
    random = np.random.default_rng(7)
    start("noise_sparse", np.where(c > 0, c * (1 + 2e-7) + 3e-4, 0).astype("f4"), GENES).close()
    expect("noise_sparse", "X", c, GENES, notes=["rounded-counts"])
    start("noise_dense_zeros_too", c.astype("f8") + random.uniform(-9e-4, 9e-4, c.shape), GENES, "dense").close()
    expect("noise_dense_zeros_too", "X", c, GENES, notes=["rounded-counts"])
    start("noise_too_large", np.where(c > 0, c + 2e-3, 0).astype("f4"), GENES).close()
    expect("noise_too_large", None, None, GENES)
    shares = (c / c.sum(axis=1, keepdims=True) / 100).astype("f4")
    shares[0] = 0
    shares[0, 3] = 1
    start("tiny_shares", shares, GENES).close()
    shared = np.where(shares > 0, c, 0)
    shared[0, 3] = 1
    expect("tiny_shares", "recovered:scale:X", shared, GENES, notes=["recovered-counts"])


def recovery():
    c = counts(8)
    c[:, 0] = np.arange(1, N + 1)  # a count of 1 or two that are coprime in every cell
    c[:, 1] = 1
    for name, scale, target, base in [("ln", "ln", 1e4, np.e), ("log2", "log2", 1e6, 2), ("log10", "log10", np.median(c.sum(axis=1)), 10)]:
        start(f"logged_{name}", log1p(c, target, base), GENES).close()
        expect(f"logged_{name}", f"recovered:{scale}:X", c, GENES, notes=["recovered-counts"])
    start("scaled_only", (c * (1e4 / c.sum(axis=1, keepdims=True))).astype("f4"), GENES, "dense").close()
    expect("scaled_only", "recovered:scale:X", c, GENES, notes=["recovered-counts"])
    logged = log1p(c, 1e4)
    file = start("scaled_x_logged_raw", ((logged - logged.mean(axis=0)) / (logged.std(axis=0) + 1e-3)).astype("f4")[:, :9], GENES[:9], "dense")
    matrix(file, "raw/X", logged)
    frame(file, "raw/var", GENES)
    file.close()
    expect("scaled_x_logged_raw", "recovered:ln:raw/X", c, GENES, notes=["recovered-counts"])
    file = start("logged_subset_x_logged_raw", logged[:, :12], GENES[:12])
    matrix(file, "raw/X", logged)
    frame(file, "raw/var", GENES)
    file.close()
    expect("logged_subset_x_logged_raw", "recovered:ln:raw/X", c, GENES, notes=["recovered-counts"])
    file = start("scaled_x_logged_layer", (logged - logged.mean(axis=0)).astype("f4"), GENES, "dense")
    matrix(file, "layers/log_norm", logged)
    file.close()
    expect("scaled_x_logged_layer", "recovered:ln:layers/log_norm", c, GENES, notes=["recovered-counts"])


def order():
    c = counts(9)
    binary = (c > 0).astype("f4")
    file = start("binary_x_counts_in_raw", binary, GENES)
    matrix(file, "raw/X", c)
    frame(file, "raw/var", GENES)
    file.close()
    expect("binary_x_counts_in_raw", "raw/X", c, GENES)
    file = start("binary_everywhere", binary, GENES)
    matrix(file, "layers/seen", binary)
    file.close()
    expect("binary_everywhere", "X", binary, GENES, notes=["binary"])
    file = start("subset_x", c[:, :8], GENES[:8])
    matrix(file, "raw/X", c)
    frame(file, "raw/var", GENES)
    file.close()
    expect("subset_x", "raw/X", c, GENES)
    file = start("raw_of_unknown_genes", c[:, :8], GENES[:8])
    matrix(file, "raw/X", c)
    frame(file, "raw/var", [f"gene{i}" for i in range(G)])
    file.close()
    expect("raw_of_unknown_genes", "X", c[:, :8], GENES[:8])
    file = start("subset_x_binary_raw", c[:, :8], GENES[:8])
    matrix(file, "raw/X", binary)
    frame(file, "raw/var", GENES)
    file.close()
    expect("subset_x_binary_raw", "X", c[:, :8], GENES[:8])


def read_sparse(group):
    parts = [group[part][()] for part in ("data", "indices", "indptr")]
    return sparse.csr_matrix(tuple(parts), shape=tuple(group.attrs["shape"])).toarray()


def users(folder):
    """The right answers of INDEX.md, with the values of the file itself or of control."""
    with h5py.File(folder / "control.h5ad") as control:
        c, names = read_sparse(control["X"]), control["var/_index"].asstr()[()]
    EXPECTED.clear()
    expect("control", "X", c, names)
    for name in ("citeseq_antibodies_named_as_genes", "multiome_peaks"):
        with h5py.File(folder / f"{name}.h5ad") as file:
            types = file["var/feature_types/categories"].asstr()[()][file["var/feature_types/codes"][()]]
            x = read_sparse(file["X"])
            genes = types == "Gene Expression"
            assert (x[:, genes] == c).all()
            kinds = [(kind, int((types == kind).sum()), float(x[:, types == kind].sum(dtype="f8") / x.sum(dtype="f8")))
                     for kind in dict.fromkeys(types) if kind != "Gene Expression"]
            expect(name, "X", x[:, genes], file["var/_index"].asstr()[()][genes], kinds, ["features-left-out"])
    expect("raw_var_ids_symbols_in_var", "raw/X", c, names)
    expect("log_normalised_only", "recovered:ln:X", c, names, notes=["recovered-counts"])
    expect("counts_with_float_noise", "X", c, names, notes=["rounded-counts"])
    expect("counts_subset_in_x_all_in_raw", "raw/X", c, names)
    expect("binary_x_counts_in_layer", "layers/counts", c, names)


if __name__ == "__main__":
    ROOT.mkdir(parents=True, exist_ok=True)
    for part in (features, names_of_raw, noise, recovery, order):
        part()
    (HERE / "choice-expected.json").write_text(json.dumps(EXPECTED, indent=1) + "\n")
    if len(sys.argv) > 1:
        users(pathlib.Path(sys.argv[1]))
        (HERE / "users-files-choice-expected.json").write_text(json.dumps(EXPECTED, indent=1) + "\n")
