"""Makes the small files in tests/fixtures/users-files, each after a kind of file that users have, and writes what h5py, scipy
and numpy read from them and from ../shared/data/users-files, as facts that the tests compare ours with.

    /usr/bin/python3 tests/reference/users_files.py

Made with Python 3.11, h5py 3.7.0 (HDF5 1.10.8), scipy 1.10.1, numpy 1.24.2. Seeded. A matrix is told by sha256 of canonical
bytes, as in anndata_expected.py: csr with duplicates added up, zeros left out, columns sorted (int32, int32, float64).
"""
import hashlib
import json
import pathlib

import h5py
import numpy as np
from scipy import sparse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent / "fixtures" / "users-files"
SHARED = HERE.parent.parent.parent / "shared" / "data" / "users-files"
GENES = ["TP53", "GAPDH", "ACTB", "CD3E", "MS4A1", "NKG7", "LYZ", "PPBP", "FOXP3"]
IDS = [f"ENSG{i:011d}" for i in range(1, 10)]
N, G = 12, 9


def counts(seed=1):
    random = np.random.default_rng(seed)
    x = (random.poisson(1.2, (N, G)) * (random.random((N, G)) < 0.7)).astype("f4")
    x[:, 0] += 1
    return x


def text(values):
    return np.array(values, dtype="S")


def encode(element, kind, version="0.2.0", **others):
    element.attrs.update({"encoding-type": kind, "encoding-version": version, **others})
    return element


def frame(file, place, index, **columns):
    group = encode(file.create_group(place), "dataframe", _index="_index")
    group.attrs["column-order"] = np.array(list(columns), dtype=h5py.string_dtype()) if columns else np.array([], "f8")
    group["_index"] = text(index)
    for name, values in columns.items():
        group[name] = text(values) if isinstance(values, list) else values
    return group


def order(group, *names):
    group.attrs["column-order"] = np.array(names, dtype=h5py.string_dtype())


def write_sparse(file, place, matrix, spare=0, index_dtype="i4"):
    group = encode(file.create_group(place), f"{matrix.format}_matrix", "0.1.0", shape=np.array(matrix.shape, "i8"))
    group["data"] = np.concatenate([matrix.data, np.full(spare, 77, matrix.dtype)])
    group["indices"] = np.concatenate([matrix.indices, np.full(spare, 2_000_000_000)]).astype(index_dtype)
    group["indptr"] = matrix.indptr.astype(index_dtype)
    return group


def new(name, x=True, obs=None, var=None, libver="earliest", root="", **options):
    path = ROOT / name
    path.unlink(missing_ok=True)
    file = h5py.File(path, "w", libver=libver, **options)
    fill(file, root, x, obs, var)
    return file


def fill(file, root, x=True, obs=None, var=None):
    top = file.require_group(root) if root else file
    encode(top, "anndata", "0.1.0")
    frame(file, f"{root}/obs", obs or [f"c{i}" for i in range(N)])
    frame(file, f"{root}/var", var or GENES)
    if x is True:
        write_sparse(file, f"{root}/X", sparse.csr_matrix(counts()))


def lengths():
    """Columns longer or shorter than their table."""
    with new("gene-column-too-long.h5ad", var=IDS) as f:
        f["var/feature_name"] = text(GENES + ["CD8A"])
        order(f["var"], "feature_name")
    with new("gene-column-spared.h5ad", var=IDS) as f:
        f["var/feature_name"] = text(GENES[:8])
        f["var/gene_symbols"] = text(GENES)
        order(f["var"], "feature_name", "gene_symbols")
    with new("obs-lengths.h5ad") as f:
        obs = f["obs"]
        obs["good"] = np.arange(N)
        obs["short"] = np.arange(N - 1)
        long = encode(obs.create_group("long_codes"), "categorical", ordered=False)
        long["codes"], long["categories"] = np.zeros(N + 1, "i1"), text(["a"])
        masked = encode(obs.create_group("long_values"), "nullable-integer", "0.1.0")
        masked["values"], masked["mask"] = np.arange(N + 1), np.zeros(N + 1, bool)
        masked = encode(obs.create_group("short_mask"), "nullable-integer", "0.1.0")
        masked["values"], masked["mask"] = np.arange(N), np.zeros(N - 1, bool)
        order(obs, "good", "short", "long_codes", "long_values", "short_mask")
    with new("index-too-short.h5ad", var=GENES[:8]):
        pass
    with new("raw-index-too-long.h5ad") as f:
        write_sparse(f, "raw/X", sparse.csr_matrix(counts()))
        frame(f, "raw/var", GENES + ["CD8A"])


def elsewhere():
    """Parts that other files hold; those files are there, so that reading them would succeed."""
    with h5py.File(ROOT / "elsewhere.h5", "w") as f:
        write_sparse(f, "X", sparse.csr_matrix(counts(9)))
        f["in/X"] = counts(9)
        f["column"] = np.arange(N)
    counts(9).tofile(ROOT / "elsewhere.bin")
    with new("external-link-half-way.h5ad", x=False) as f:
        f["other"] = h5py.ExternalLink("elsewhere.h5", "/in")
        f["X"] = h5py.SoftLink("/other/X")
        f["layers/counts"] = h5py.ExternalLink("elsewhere.h5", "/X")
        write_sparse(f, "layers/own", sparse.csr_matrix(counts()))
        f["obs/linked"] = h5py.SoftLink("/far")
        f["far"] = h5py.ExternalLink("elsewhere.h5", "/column")
        order(f["obs"], "linked")
    outside = dict(external=[("elsewhere.bin", 0, N * G * 4)])
    for libver in ("earliest", "latest"):
        with new(f"external-storage-{libver}.h5ad", x=False, libver=libver) as f:
            f.create_dataset("X", (N, G), "f4", **outside)
            f.create_dataset("obs/outside", (N,), "f4", external=[("elsewhere.bin", 0, N * 4)])
            order(f["obs"], "outside")
            for i in range(30):
                f["X"].attrs[f"note{i}"] = "x" * 40  # so that the header goes on in other blocks
    with new("virtual.h5ad", x=False, libver="latest") as f:
        f["here"] = counts()
        f.create_dataset("outside", (N, G), "f4", **outside)
        for name, (source, place) in {"X": (".", "here"), "layers/outside": (".", "outside"), "layers/other": ("elsewhere.h5", "in/X")}.items():
            layout = h5py.VirtualLayout((N, G), "f4")
            layout[:] = h5py.VirtualSource(source, place, (N, G), "f4")
            f.create_virtual_dataset(name, layout)
        layout = h5py.VirtualLayout((N, G), "f4", maxshape=(None, G))
        source = h5py.VirtualSource("elsewhere.h5", "in/X", (N, G), "f4", maxshape=(None, G))
        layout[0 : h5py.h5s.UNLIMITED, :] = source[0 : h5py.h5s.UNLIMITED, :]
        f.create_virtual_dataset("layers/open", layout)
    with new("links-within.h5ad", x=False) as f:
        write_sparse(f, "kept/here", sparse.csr_matrix(counts()))
        f["X"] = h5py.SoftLink("alias/here")
        f["alias"] = h5py.SoftLink("/kept/.")
        f["obs/circle"], f["obs/turn"] = h5py.SoftLink("/obs/turn"), h5py.SoftLink("/obs/circle")
        order(f["obs"], "circle")


def user_blocks():
    for size, libver in ((512, "earliest"), (1024, "latest"), (8192, "v108")):
        with new(f"user-block-{size}.h5ad", libver=libver, userblock_size=size) as f:
            f["obs/n"] = np.arange(N)
            order(f["obs"], "n")


def mudata():
    def multimodal(name, modalities, **options):
        with new(name, x=False, obs=[f"c{i}" for i in range(N)], userblock_size=512, **options) as f:
            encode(f, "MuData", "0.1.0")
            for modality, names in modalities.items():
                fill(f, f"/mod/{modality}", True, None, names)
            yield f
        with open(ROOT / name, "r+b") as f:
            f.write(b"MuData (format-version=0.1.0;creator=muon)")

    antibodies = ["CD3", "CD4", "CD8", "CD19", "CD14", "CD16", "CD56", "IgG1", "IgG2a"]
    peaks = [f"chr1:{i}00-{i}99" for i in range(1, 10)]
    for f in multimodal("two.h5mu", {"prot": antibodies, "rna": GENES}):
        f["mod/rna/obsm/X_umap"] = np.arange(2 * N, dtype="f4").reshape(N, 2)
    for f in multimodal("types.h5mu", {"adt": antibodies, "first": GENES, "atac": peaks}, libver="latest"):
        for name, kind in (("adt", "Antibody Capture"), ("first", "Gene Expression"), ("atac", "Peaks")):
            f[f"mod/{name}/var/feature_types"] = text([kind] * G)
            order(f[f"mod/{name}/var"], "feature_types")
    for f in multimodal("unclear.h5mu", {"a": GENES, "b": antibodies}):
        pass


def nothing(parent, name):
    encode(parent.create_dataset(name, data=h5py.Empty("f4")), "null", "0.1.0")


def parts():
    """Parts that are nothing, and parts that cannot be read."""
    with new("null-parts.h5ad", x=False) as f:
        for place in ("X", "raw", "layers/none", "obs/none", "obsm/none"):
            nothing(f, place)
        write_sparse(f, "layers/counts", sparse.csr_matrix(counts()))
        order(f["obs"], "none")
    with new("damaged-parts.h5ad") as f:
        obs, plist = f["obs"], h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        obs["gone"] = h5py.SoftLink("/uns/nowhere")
        plist.set_chunk((N,))
        plist.set_filter(32003, h5py.h5z.FLAG_OPTIONAL, ())
        snappy = h5py.h5d.create(obs.id, b"snappy", h5py.h5t.STD_I32LE, h5py.h5s.create_simple((N,)), plist)
        snappy.write_direct_chunk((0,), b"\1\2\3")
        codes = encode(obs.create_group("codes"), "categorical", ordered=False)
        codes["codes"], codes["categories"] = np.full(N, 9, "i1"), text(["a", "b"])
        f["obs/good"] = np.arange(N)
        order(obs, "gone", "snappy", "codes", "good")
        f["obsm/X_pca"] = np.zeros((N + 1, 2), "f4")
        f["obsm/X_umap"] = np.ones((N, 2), "f4")
        f["obsm/far"] = h5py.ExternalLink("elsewhere.h5", "/column")
        f["obsp/gone"], f["uns/gone"] = h5py.SoftLink("/no"), h5py.ExternalLink("nowhere.h5", "/x")
        f["varm"] = h5py.ExternalLink("nowhere.h5", "/varm")
    with new("raw-var-gone.h5ad") as f:
        write_sparse(f, "raw/X", sparse.csr_matrix(counts(2)))
        f["raw/var"] = h5py.SoftLink("/nowhere")
        f["layers"] = h5py.ExternalLink("nowhere.h5", "/layers")


def float_type(size, sign, exponent_at, exponent_bits, fraction_at, fraction_bits, bias):
    kind = h5py.h5t.IEEE_F64LE.copy()
    kind.set_fields(sign, exponent_at, exponent_bits, fraction_at, fraction_bits)
    kind.set_ebias(bias)
    kind.set_precision(8 * size)
    kind.set_size(size)
    return kind


def numbers():
    values = np.concatenate([counts(), np.full((1, G), 0, "f4")])[:N] * 37
    values[1, :6] = [np.inf, -np.inf, -2.5, 2.0**-15, 1.0009765625, 1e4]
    kinds = {"bfloat16": (2, 15, 7, 8, 0, 7, 127), "e6": (2, 15, 9, 6, 0, 9, 31), "three_bytes": (3, 23, 15, 8, 0, 15, 127),
             "float8": (1, 7, 3, 4, 0, 3, 7), "wide": (4, 31, 20, 11, 0, 20, 1023)}
    with new("floats.h5ad") as f:
        layers, space = f.create_group("layers"), h5py.h5s.create_simple((N, G))
        for name, fields in kinds.items():
            big = float_type(*fields)
            data = h5py.h5d.create(layers.id, name.encode(), big, space)
            data.write(h5py.h5s.ALL, h5py.h5s.ALL, values.astype("f8"), mtype=h5py.h5t.NATIVE_DOUBLE)
        big = float_type(*kinds["bfloat16"])
        big.set_order(h5py.h5t.ORDER_BE)
        data = h5py.h5d.create(layers.id, b"big_endian_bfloat16", big, space)
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, values.astype("f8"), mtype=h5py.h5t.NATIVE_DOUBLE)
        named = float_type(*kinds["bfloat16"])
        named.commit(f.id, b"named type")
        data = h5py.h5d.create(layers.id, b"named_bfloat16", named, space)
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, values.astype("f8"), mtype=h5py.h5t.NATIVE_DOUBLE)
        twelve = h5py.h5t.STD_U16LE.copy()
        twelve.set_precision(12)
        twelve.set_offset(4)
        data = h5py.h5d.create(layers.id, b"twelve_bits", twelve, space)
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, counts().astype("u2"))
        sparse_x = sparse.csr_matrix(counts())
        group = write_sparse(f, "layers/sparse_bfloat16", sparse_x)
        del group["data"]
        data = h5py.h5d.create(group.id, b"data", float_type(*kinds["bfloat16"]), h5py.h5s.create_simple((sparse_x.nnz,)))
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, sparse_x.data)


def logicals():
    with new("r-logicals.h5ad") as f:
        flags = np.array([0, 1, 2] * 4)
        members = {"byte": ("i1", {"FALSE": 0, "TRUE": 1, "NA": 2}, flags), "plain": ("i1", {"FALSE": 0, "TRUE": 1}, flags % 2),
                   "int": ("i4", {"FALSE": 0, "TRUE": 1, "NA": -2147483648}, np.where(flags == 2, -2147483648, flags)),
                   "turned": ("u1", {"FALSE": 1, "TRUE": 0}, flags % 2), "other": ("i1", {"LOW": 0, "HIGH": 1, "NA": 2}, flags)}
        for name, (dtype, enum, values) in members.items():
            f["obs"].create_dataset(name, data=values.astype(dtype), dtype=h5py.enum_dtype(enum, basetype=dtype))
        order(f["obs"], *members)


def layouts():
    x = counts()
    with new("spare-room.h5ad") as f:
        write_sparse(f, "layers/csc", sparse.csc_matrix(x), spare=40, index_dtype="i8")
        write_sparse(f, "layers/csr", sparse.csr_matrix(x), spare=7)
    with new("slashes.h5ad") as f:
        f["layers/a/b/c"] = x
        f["layers/plain"] = x * 2
        write_sparse(f, "layers/counts/raw", sparse.csc_matrix(x))
        f["layers"]["counts"].attrs["encoding-type"] = "dict"
        f["obsm/X/pca"] = np.ones((N, 3), "f4")
    with new("transposed-ids.h5ad", x=False, obs=IDS, var=[f"cell{i}" for i in range(5)]) as f:
        pass
    path = ROOT / "transposed-ids.h5ad"
    path.unlink()
    with h5py.File(path, "w") as f:
        encode(f, "anndata", "0.1.0")
        frame(f, "obs", IDS), frame(f, "var", [f"cell{i}" for i in range(5)])
        f["X"] = x.T[:, :5]


def cell_ranger():
    x = sparse.csc_matrix(counts().T)

    def matrix(group, file):
        for name, values in (("data", x.data.astype("i4")), ("indices", x.indices), ("indptr", x.indptr), ("shape", np.array(x.shape))):
            file[f"{group}/{name}"] = values
        file[f"{group}/barcodes"] = text([f"c{i}-1" for i in range(N)])

    with h5py.File(ROOT / "cell-ranger-2.h5", "w") as f:
        matrix("GRCh38", f)
        f["GRCh38/genes"], f["GRCh38/gene_names"] = text(IDS), text(GENES)
    with h5py.File(ROOT / "cell-ranger-3.h5", "w") as f:
        matrix("matrix", f)
        for name, values in (("id", IDS), ("name", GENES), ("feature_type", ["Gene Expression"] * G), ("genome", ["GRCh38"] * G)):
            f[f"matrix/features/{name}"] = text(values)


def matrix_facts(matrix):
    csr = sparse.csr_matrix(matrix, dtype="f8")
    csr.sum_duplicates(), csr.eliminate_zeros(), csr.sort_indices()
    parts = csr.indptr.astype("<i4"), csr.indices.astype("<i4"), csr.data.astype("<f8")
    sha = hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()[:16]
    return {"shape": list(csr.shape), "nonzero": int(csr.nnz), "sha": sha}


def numbers_of(dataset):
    out = np.empty(dataset.shape, "f8")
    dataset.id.read(h5py.h5s.ALL, h5py.h5s.ALL, out, mtype=h5py.h5t.NATIVE_DOUBLE)
    return out


def read_matrix(element):
    """As scipy reads it; values through HDF5's own conversion to float64."""
    if isinstance(element, h5py.Dataset):
        return numbers_of(element)
    kind = sparse.csr_matrix if element.attrs["encoding-type"].startswith("csr") else sparse.csc_matrix
    return kind((numbers_of(element["data"]), element["indices"][:], element["indptr"][:]), shape=tuple(element.attrs["shape"]))


OWN = {"spare-room.h5ad": ["X", "layers/csc", "layers/csr"], "slashes.h5ad": ["layers/a/b/c", "layers/counts/raw", "layers/plain"],
       "floats.h5ad": ["layers/bfloat16", "layers/e6", "layers/three_bytes", "layers/wide", "layers/big_endian_bfloat16", "layers/named_bfloat16", "layers/sparse_bfloat16"],
       "user-block-512.h5ad": ["X"], "user-block-1024.h5ad": ["X"], "user-block-8192.h5ad": ["X"], "links-within.h5ad": ["X"],
       "two.h5mu": ["mod/rna/X"], "types.h5mu": ["mod/first/X"], "null-parts.h5ad": ["layers/counts"], "virtual.h5ad": ["X"],
       "external-link-half-way.h5ad": ["layers/own"], "damaged-parts.h5ad": ["X"], "gene-column-spared.h5ad": ["X"]}
USERS = {"control": "X", "bfloat16_dense": "X", "csr_spare_room": "X", "layer_with_slash": "layers/counts/raw", "hdf5r_logical_with_na": "X",
         "user_block": "X", "raw_null_012": "X", "var_other_column_damaged": "X", "obs_column_link_gone": "X"}


def expected():
    told = {"own": {}, "users": {}}
    for name, places in OWN.items():
        with h5py.File(ROOT / name, "r") as f:
            told["own"][name] = {place: matrix_facts(read_matrix(f[place])) for place in places}
    for name, place in USERS.items():
        with h5py.File(SHARED / f"{name}.h5ad", "r") as f:
            told["users"][name] = {"place": place, "matrix": matrix_facts(read_matrix(f[place]))}
            if name == "hdf5r_logical_with_na":
                told["users"][name]["is_doublet"] = [{0: 0, 1: 1, 2: -1}[v] for v in f["obs/is_doublet"][:].tolist()]
    target = ROOT / "expected.json"
    target.write_text(json.dumps(told, indent=1) + "\n")
    print(f"{target.name}: {len(told['own'])} own files, {len(told['users'])} of users-files")


for make in (lengths, elsewhere, user_blocks, mudata, parts, numbers, logicals, layouts, cell_ranger, expected):
    make()
