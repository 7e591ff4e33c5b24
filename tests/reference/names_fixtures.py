"""Writes tests/fixtures/names: small h5ad files of the same counts under names as users have them.

    /usr/bin/python3 tests/reference/names_fixtures.py

All but `clash` hold what `plain` holds, so that with the right repair their sentences are plain's. expected.json says for each file
which repairs give them (`repair`, null where the names are refused) and how many names match as they are and repaired.
"""
import json
import pathlib

import h5py
import numpy as np

OUT = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "names"
SYMBOLS = """TP53 CD4 CD8A CD3E CD19 GAPDH ACTB B2M PTPRC MS4A1 LYZ GNLY NKG7 HLA-A HLA-DRA MT-CO1 MT-ND1
MARCHF3 SEPTIN7 SEPTIN9 CXCL8 H4C3 ACP3 CRYBG1 C1ORF159 C9ORF78 MYC FOXP3 IL2RA CCR7""".split()
OLD = {"MARCHF3": "3-Mar", "SEPTIN7": "2001-09-07 00:00:00", "SEPTIN9": "SEPT9", "CXCL8": "IL8", "H4C3": "HIST1H4C",
       "ACP3": "ACPP", "CRYBG1": "AIM1"}
UNKNOWN = ["MALAT1", "XIST"]
N = len(SYMBOLS)


def ensembl(i, prefix="ENSG"):
    return f"{prefix}{i + 1:011d}"


FILES = {
    "plain": (lambda i, s: s, "none", N),
    "prefixed": (lambda i, s: f"GRCh38_{s}", "certain", 0),
    "prefixed-barnyard": (lambda i, s: f"GRCh38______{s}", "certain", 0),
    "spaced": (lambda i, s: f" {s} ", "certain", 0),
    "id-and-symbol": (lambda i, s: f"{ensembl(i)}.{i % 9 + 1}|{s}", "certain", 0),
    "symbol-and-id": (lambda i, s: f"{s}_{ensembl(i)}", "certain", 0),
    "make-names": (lambda i, s: s.replace("-", "."), "dots", N - 4),
    "prefixed-make-names": (lambda i, s: f"hg19_{s}".replace("-", "."), "dots", 0),
    "dates-and-aliases": (lambda i, s: OLD.get(s, s), "dates,aliases", N - len(OLD)),
    "open-reading-frames": (lambda i, s: s.replace("ORF", "orf"), "case", N - 2),
    "mouse-symbols": (lambda i, s: s.capitalize(), "case", 0),
    "mouse-ids": (lambda i, s: ensembl(i, "ENSMUSG"), None, 0),
    "zebrafish-ids": (lambda i, s: ensembl(i, "ENSDARG"), None, 0),
    # SEPT9 beside SEPTIN9: never one gene.
    "clash": (lambda i, s: {"SEPTIN7": "SEPT9"}.get(s, s), "all", N - 1),
}


def write(path, names, counts):
    text = h5py.string_dtype()
    with h5py.File(path, "w") as f:
        f.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
        for table, values in (("obs", [f"cell{i}" for i in range(len(counts))]), ("var", names)):
            group = f.create_group(table)
            group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
            group.attrs.create("column-order", [], dtype=text)
            index = group.create_dataset("_index", data=np.array(values, dtype=object), dtype=text, track_times=False)
            index.attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
        x = f.create_dataset("X", data=counts, track_times=False)
        x.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})


def write_prefixed_raw(path, names, counts):
    """X has the counts of every third gene, raw/X of all."""
    write(path, names[::3], counts[:, ::3])
    with h5py.File(path, "a") as f:
        raw = f.create_group("raw")
        raw.attrs.update({"encoding-type": "raw", "encoding-version": "0.1.0"})
        f.copy("var", raw)
        del raw["var/_index"]
        index = raw["var"].create_dataset("_index", data=np.array(names, dtype=object), dtype=h5py.string_dtype(),
                                           track_times=False)
        index.attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
        x = raw.create_dataset("X", data=counts, track_times=False)
        x.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    counts = np.random.default_rng(7).poisson(3, (6, N + len(UNKNOWN))).astype(np.float32)
    counts[:, 0] += 1
    expected = {}
    for name, (rename, repair, exact) in FILES.items():
        write(OUT / f"{name}.h5ad", [rename(i, s) for i, s in enumerate(SYMBOLS)] + UNKNOWN, counts)
        aligned = None if repair is None else N - 1 if name == "clash" else N
        expected[name] = {"repair": repair, "exact": exact, "aligned": aligned}
    write_prefixed_raw(OUT / "prefixed-raw.h5ad", [f"GRCh38_{s}" for s in SYMBOLS] + UNKNOWN, counts)
    (OUT / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


main()
