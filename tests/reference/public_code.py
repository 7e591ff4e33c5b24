"""Runs the public code's own sampler and model against what this project promises, when its checkout is named:

    /usr/bin/python3 tests/reference/public_code.py --checkout DIR [--record FILE.json]

DIR is a clone of the makers' repository (the one that the pages of the published checkpoints name). Nothing of it is copied here, and it is
not fetched. The files that define sample_cell_sentences_mapping_gene, UCEConfig and UCEModel are looked for in it and run as they are:

    sampler   the 24 cells of fixtures/cells, with their float32 probabilities and seeds: the sentences that our tests hold to
    model     fixtures/model, fixtures/architectures and fixtures/two-species in float32, sentences padded and masked as the public
              code pads them: relative error against the float64 vectors that our tests hold to

Beside each a control that must fail. Needs torch, numpy and h5py-free fixtures only. transformers lends the classes that configuration and model
derive from; where it is missing, or too new for this torch, stand-ins without arithmetic take their place, and the record says so.
Exit 0: all as promised; 1: something differs; 2: nothing could be run, and why.
"""
import argparse
import base64
import datetime
import importlib
import json
import platform
import subprocess
import sys
import types
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
SAMPLER, CONFIG, MODEL = "def sample_cell_sentences_mapping_gene(", "class UCEConfig(", "class UCEModel("
LIMIT = 1e-4


def refuse(why):
    print(f"public_code: {why}", file=sys.stderr)
    sys.exit(2)


def file_with(checkout, text):
    found = [path for path in sorted(checkout.rglob("*.py")) if text in path.read_text(errors="replace")]
    if not found:
        refuse(f"no file in {checkout} has `{text}...`: name a clone of the public UCE-brain code")
    return found[0]


def load(path, checkout):
    """A module by its file: packages above it are there for its relative imports, and their __init__.py does not run."""
    parts = [path.stem]
    folder = path.parent
    while folder != checkout and (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    for depth in range(1, len(parts)):
        name = ".".join(parts[:depth])
        if name not in sys.modules:
            package = types.ModuleType(name)
            package.__path__ = [str(folder.joinpath(*parts[:depth]))]
            sys.modules[name] = package
    sys.path.insert(0, str(folder))
    return importlib.import_module(".".join(parts))


def ensure_transformers(torch):
    """The version of transformers, or stand-ins for the three classes that the public code takes from it."""
    try:
        import transformers
        from transformers import PreTrainedModel
        if issubclass(PreTrainedModel, torch.nn.Module):
            return transformers.__version__
    except ImportError:
        pass

    class PretrainedConfig:
        def __init__(self, **fields):
            self.__dict__.update(fields)

    class PreTrainedModel(torch.nn.Module):
        def __init__(self, config, *_):
            super().__init__()

        def post_init(self):
            pass

    module, outputs = types.ModuleType("transformers"), types.ModuleType("transformers.modeling_outputs")
    module.PretrainedConfig, module.PreTrainedModel, module.modeling_outputs = PretrainedConfig, PreTrainedModel, outputs
    outputs.ModelOutput = type("ModelOutput", (), {})
    sys.modules["transformers"], sys.modules["transformers.modeling_outputs"] = module, outputs
    return "stand-ins without arithmetic"


def decoded(text, kind):
    return np.frombuffer(base64.b64decode(text), dtype=kind)


def without_ties(tokens, place):
    """The same sentence with different genes of one chromosome and start in ascending order: the public sort leaves theirs to the processor."""
    ordered, group = [], []
    for token in [*tokens.tolist(), None]:
        if group and (token is None or place.get(token) is None or place.get(token) != place.get(group[0])):
            ordered += sorted(group)
            group = []
        if place.get(token) is None:
            ordered.append(token)
        else:
            group.append(token)
    return ordered


def check_sampler(sample, torch):
    fixture = json.loads((FIXTURES / "cells" / "cells.json").read_text())
    known = {gene["symbol"]: gene for gene in fixture["genes"]}
    genes = [known[name] for name in fixture["names"] if name in known]
    facts = {key: np.array([gene[key] for gene in genes], dtype=np.int64) for key in ("token", "chromosome", "start")}
    columns = [i for i, name in enumerate(fixture["names"]) if name in known]
    place = {gene["token"]: (gene["chromosome"], gene["start"]) for gene in genes}
    identical, ties, control, cells = 0, 0, 0, [cell for cell in fixture["cells"] if cell.get("reference")]
    for cell in cells:
        counts = np.zeros(len(fixture["names"]), dtype=np.float32)
        counts[decoded(cell["columns"], "<i4")] = decoded(cell["counts"], "<f8")
        weights = np.zeros(len(genes), dtype=np.float32)
        weights[decoded(cell["genes"], "<i4")] = decoded(cell["probabilities"], "<f4")
        expected = decoded(cell["reference"], "<u2").astype(np.int64)

        def drawn(seed):
            result = sample(
                counts=torch.from_numpy(counts[columns])[None], batch_weights=torch.from_numpy(weights)[None],
                gene_protein_ids=facts["token"], gene_chroms=facts["chromosome"], gene_starts=facts["start"], pad_length=2048,
                positive_sample_num=100, negative_sample_num=100, mask_prop=0.0, sample_size=1024, cls_token_idx=1,
                chrom_token_offset=1000, chrom_token_right_idx=2000, pad_token_idx=0, seed=seed)
            return result["batch_sentences"][0].numpy()[: len(expected)]

        same, ours = drawn(cell["row"]), without_ties(expected, place)
        identical += bool(np.array_equal(same, expected))
        ties += without_ties(same, place) == ours
        # A cell of one gene has the same sentence under every seed.
        control += len(set(expected.tolist())) > 4 and without_ties(drawn(cell["row"] + 1), place) == ours
    return {"cells": len(cells), "identical": identical, "identical but for tied genes": ties, "control, another seed": control,
            "ok": ties == len(cells) and control == 0}


def embed(classes, torch, config, tensors, sentences):
    """Vectors of the public model, padded to its longest sentence and masked, in float32."""
    model = classes["model"](classes["config"](**{k: v for k, v in config.items() if k != "model_type"}))
    state = {name[4:]: torch.from_numpy(np.array(values, dtype=np.float32)) for name, values in tensors.items() if name.startswith("uce.")}
    target = model.state_dict()
    missing = sorted(set(target) - set(state))
    if missing:
        refuse(f"the public model has tensors that the fixture lacks: {', '.join(missing[:4])}")
    model.load_state_dict({name: state[name].reshape(target[name].shape) for name in target})
    model.eval()
    length = config["max_sequence_length"]
    ids = torch.zeros((len(sentences), length), dtype=torch.long)
    mask = torch.zeros((len(sentences), length), dtype=torch.long)
    for i, tokens in enumerate(sentences):
        ids[i, : len(tokens)] = torch.tensor(tokens)
        mask[i, : len(tokens)] = 1
    with torch.no_grad():
        return model(ids, attention_mask=mask).cell_embedding.numpy().astype(np.float64)


def relative_error(ours, reference):
    reference = np.array(reference)
    spread = reference - reference.mean(axis=0)
    return float(np.sqrt(((ours - reference) ** 2).sum() / (spread ** 2).sum()))


def cases():
    """Name, configuration, tensors, sentences and float64 vectors of every fixture of a model."""
    from architectures import weights
    from forward import read_safetensors
    reference = json.loads((FIXTURES / "model" / "reference.json").read_text())
    config = json.loads((FIXTURES / "model" / "config.json").read_text())
    yield "fixture", config, read_safetensors(FIXTURES / "model" / "model.safetensors"), reference["sentences"], reference["embeddings"]
    for case in json.loads((FIXTURES / "architectures" / "expected.json").read_text()):
        sentences = reference["sentences"][: len(case["embeddings"])]
        yield case["name"], case["config"], weights(case["config"], case["type"]), sentences, case["embeddings"]
    two = json.loads((FIXTURES / "two-species" / "expected.json").read_text())
    for species in two["species"]:
        yield f"two species, {species['name']}", two["config"], weights(two["config"], "F32"), species["sentences"], species["embeddings"]


def main():
    parser = argparse.ArgumentParser(description="Runs the public code against this project's fixtures.")
    parser.add_argument("--checkout")
    parser.add_argument("--record")
    options = parser.parse_args()
    if options.checkout is None:
        refuse("no checkout is named: give --checkout DIR, a clone of the public UCE-brain code")
    checkout = Path(options.checkout).resolve()
    if not checkout.is_dir():
        refuse(f"{options.checkout} is no folder: give a clone of the public UCE-brain code")
    try:
        import torch
    except ImportError:
        refuse("torch is missing: install it for this Python, for example Debian's python3-torch")
    lent = ensure_transformers(torch)
    sampler = load(file_with(checkout, SAMPLER), checkout)
    classes = {"config": load(file_with(checkout, CONFIG), checkout).UCEConfig, "model": load(file_with(checkout, MODEL), checkout).UCEModel}
    sys.path.insert(0, str(HERE))

    torch.manual_seed(0)
    sentences = check_sampler(sampler.sample_cell_sentences_mapping_gene, torch)
    print(f"sampler: {sentences['identical']} of {sentences['cells']} sentences identical, {sentences['identical but for tied genes']} but for "
          f"tied genes, {sentences['control, another seed']} under another seed")
    models = []
    for name, config, tensors, tokens, expected in cases():
        vectors = embed(classes, torch, config, tensors, tokens)
        error, control = relative_error(vectors, expected), relative_error(np.roll(vectors, 1, axis=0), expected)
        models.append({"name": name, "cells": len(tokens), "relative error": error, "control, another cell": control,
                       "ok": error <= LIMIT < 0.1 < control})
        print(f"model, {name}: e = {error:.1e}, another cell's vector {control:.2f}")
    commit = subprocess.run(["git", "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    record = {
        "date": datetime.date.today().isoformat(), "commit": commit or "no git repository", "python": platform.python_version(),
        "torch": torch.__version__, "transformers": lent, "numpy": np.__version__, "limit": LIMIT, "sampler": sentences, "models": models,
    }
    if options.record:
        Path(options.record).write_text(json.dumps(record, indent=2) + "\n")
    fine = sentences["ok"] and all(model["ok"] for model in models)
    print("as promised" if fine else "DIFFERS")
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
