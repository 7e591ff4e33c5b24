"""Prints the model card's tables (Markdown) from evaluation.json.

    python3 training/table.py training/evaluation.json
"""
import json
import sys

NAMES = {"pbmc3k": "PBMC3k, 100 cells", "sims": "developing brain, 100 cells (predicted labels)",
         "darmanis": "temporal cortex (SMART-seq)", "mixology": "five lung cancer lines", "zheng": "sorted PBMC, Zheng",
         "mudan": "sorted PBMC, MUDAN"}


def two(score):
    return f"{score['accuracy']:.3f} / {score['macroRecall']:.3f}"


def repeat_table(first, again):
    """Two runs of one command beside each other, and how far their scores lie apart (from the rounded figures)."""
    print("\n| data set, trained on | reference: committed run, repeat | low-variance: committed run, repeat | "
          "accuracy apart | macro recall apart |\n|---|---|---|---|---|")
    most = [0.0, 0.0]
    for one in sorted(first, key=list(NAMES).index):
        pairs = [(first[one][key]["knn"], again[one][key]["knn"]) for key in ("reference", "lowVariance")]
        apart = [max(abs(a[part] - b[part]) for a, b in pairs) for part in ("accuracy", "macroRecall")]
        most = [max(pair) for pair in zip(most, apart)]
        cells = " | ".join(f"{two(a)}, {two(b)}" for a, b in pairs)
        print(f"| {NAMES[one]} | {cells} | {apart[0]:.3f} | {apart[1]:.3f} |")
    print(f"| greatest | | | {most[0]:.3f} | {most[1]:.3f} |")


def main():
    runs = json.load(open(sys.argv[1]))["runs"]
    found = [(item["heldOut"], name, one, item) for name, run in runs.items() for one, item in run["sets"].items()
             if item["heldOut"] or name == "final"]
    found.sort(key=lambda row: (not row[0], list(NAMES).index(row[2])))
    print("| data set | cells, types | status | reference sampling | low-variance sampling | 30 PCs, cosine | 30 PCs, Euclidean |")
    print("|---|---|---|---|---|---|---|")
    for held, _, one, item in found:
        print(f"| {NAMES[one]} | {item['cells']}, {item['classes']} | {'**held out**' if held else 'trained on'} | "
              f"{two(item['reference']['knn'])} | {two(item['lowVariance']['knn'])} | {two(item['pca30']['cosine'])} | "
              f"{two(item['pca30']['euclidean'])} |")
    print("\n| data set | status | e between seeds | 15-NN overlap | mean cosine | head, hidden genes | training rate | own rate |")
    print("|---|---|---|---|---|---|---|---|")
    for held, _, one, item in found:
        a, b, x = item["reference"], item["lowVariance"], item["expression"]
        print(f"| {NAMES[one]} | {'**held out**' if held else 'trained on'} | "
              f"{a['betweenSeeds']['relativeError']:.2f} / {b['betweenSeeds']['relativeError']:.2f} | "
              f"{a['betweenSeeds']['overlap15']:.2f} / {b['betweenSeeds']['overlap15']:.2f} | "
              f"{a['meanCosine']:.2f} / {b['meanCosine']:.2f} | {x['hidden']:.3f} | {x['hiddenTrainingRate']:.3f} | "
              f"{x['hiddenOwnRate']:.3f} |")
    print("\n| cell lines | protocol from all neighbors | line from other protocols' cells |\n|---|---|---|")
    for held, _, one, item in found:
        if one == "mixology":
            status = "held out" if held else "trained on"
            for title, part in (("30 PCs", item["pca30"]), (f"{status}, reference", item["reference"]),
                                (f"{status}, low-variance", item["lowVariance"])):
                print(f"| {title} | {part['protocol']['accuracy']:.3f} | {part['lineAcrossProtocols']['accuracy']:.3f} |")
    print("\n| storage against float32 | relative error | 15-NN recall | worst single set |\n|---|---|---|---|")
    precision = runs["final"]["precision"]
    for key, title in (("float16", "float16"), ("int8", "8-bit blocks and rows")):
        part = precision[key]
        worst = max(part["bySet"].values()), min(value[1] for value in part["bySet"].values())
        print(f"| {title} | {part['relativeError']:.4f} | {part['recall15']:.4f} | {worst[0][0]:.4f}, {worst[1]:.4f} |")
    titles = {"anotherCell": "control: another cell", "shuffledTokens": "control: shuffled tokens",
              "noChromosomeEnds": "control: no chromosome ends", "geneIdsOffByOne": "control: gene ids off by one"}
    for key, title in titles.items():
        error, recall = precision["controls"][key]
        print(f"| {title} | {error:.4f} | {recall:.4f} | |")
    if "final-again" in runs:
        repeat_table(runs["final"]["sets"], runs["final-again"]["sets"])


if __name__ == "__main__":
    main()
