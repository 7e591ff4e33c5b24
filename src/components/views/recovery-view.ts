import type {CountRecovery} from "../core/anndata/count-recovery.js";
import {recoveredName} from "../core/anndata/recovered-matrix.js";
import {codeBox} from "./code-box.js";
import {distributionView} from "./distribution-view.js";
import {extend, h, send} from "./dom.js";
import {formatCount, formatInteger, formatNumber} from "./format.js";

/** Whether counts can be recovered; null hides it, "waiting" says that it is being looked at. "use" (CustomEvent, detail: name of the matrix of recovered counts) asks to take them. */
export type RecoveryView = HTMLElement & {update(recovery: CountRecovery | "waiting" | null): void};

/** What undoing a transformation would give: how many cells turn out whole, how far off they are, and how to do it in Python. */
export function recoveryView(recovery: CountRecovery | "waiting" | null = null): RecoveryView {
  const root = h("section", {class: "wb-recovery", "aria-live": "polite"});
  const update = (next: CountRecovery | "waiting" | null): void => {
    root.hidden = next === null;
    if (next === null) return root.replaceChildren();
    if (next === "waiting")
      return root.replaceChildren(h("p", {class: "wb-small"}, "Looking whether counts can be recovered …"));
    root.dataset.possible = String(next.possible);
    root.replaceChildren(...(next.possible ? offer(next, (name) => send(root, "use", name)) : refusal(next)));
  };
  update(recovery);
  return extend(root, {update});
}

function offer(
  {matrix, why, scale, errors, totals, target, unscaled, complete, cells}: CountRecovery,
  use: (name: string) => void
): HTMLElement[] {
  const name = recoveredName({of: matrix, scale});
  const divided = unscaled
    ? "The values were not divided by each cell's total before that."
    : target === null
      ? "What each cell's counts were scaled to differs from cell to cell, as it does where genes were left out after scaling."
      : `Each cell's counts were scaled to a sum of ${formatNumber(Number(target.toPrecision(4)))} before that.`;
  const code = codeBox({
    button: "Copy as Python",
    summary: "Python that writes the counts into a layer",
    language: "python"
  });
  code.update(recoveryPython(matrix, scale.base));
  return [
    h("h3", {}, `Counts can be recovered from ${matrix}`),
    h(
      "p",
      {},
      `${sentence(why)} (${complete ? "all cells with values" : `a sample of ${formatCount(cells, "cell")}`}). ${divided}`
    ),
    h(
      "p",
      {},
      "Whole numbers this close are strong evidence, not proof: a cell whose counts were all multiples of one number comes out divided by it. Nothing is embedded from them unless you choose them; tables and pages then name the matrix ",
      h("code", {}, name),
      "."
    ),
    h(
      "div",
      {class: "wb-pair"},
      distributionView({
        title: "Rounding error",
        values: errors,
        axis: "largest distance of a cell's counts from whole numbers",
        low: 0
      }),
      distributionView({title: "Recovered counts", values: totals, axis: "recovered counts a cell", log: true})
    ),
    h(
      "div",
      {class: "wb-actions wb-actions-left"},
      h("button", {type: "button", class: "wb-button wb-button-main", onclick: () => use(name)}, "Use these counts"),
      h(
        "span",
        {class: "wb-small"},
        "Or write them into a layer of the file with the lines below, look at them, and open that file."
      )
    ),
    code
  ];
}

function refusal({matrix, why, cells, recovered}: CountRecovery): HTMLElement[] {
  return [
    h("h3", {}, `Counts cannot be recovered from ${matrix}`),
    h(
      "p",
      {},
      `${sentence(why)}. ${cells === 0 ? "" : `${formatInteger(cells - recovered)} cells are no multiples of anything. `}Ask whoever made the file for the counts, or open the file that they are in.`
    )
  ];
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Python that recovers the counts of `matrix` (values on a logarithm of `base`, null: none) into the layer "counts". */
export function recoveryPython(matrix: string, base: number | null): string {
  const source =
    matrix === "X"
      ? "adata.X"
      : matrix === "raw/X"
        ? "adata.raw.X"
        : `adata.layers[${JSON.stringify(matrix.replace(/^layers\//, ""))}]`;
  const undo = base === null ? "cell" : base === Math.E ? "np.expm1(cell)" : `np.expm1(cell * np.log(${base}))`;
  const raw = matrix === "raw/X";
  return `import anndata, numpy as np, scipy.sparse as sp

adata = anndata.read_h5ad("FILE.h5ad")
values = sp.csr_matrix(${source}, dtype=np.float64)
values.eliminate_zeros()
for row in range(values.shape[0]):
    part = slice(values.indptr[row], values.indptr[row + 1])
    cell = values.data[part]
    if len(cell) == 0:
        continue
    cell = ${undo}
    for smallest in range(1, 11):  # the smallest value stands for one count, as a rule
        factor = cell.min() / smallest
        for largest in (20, 1000, np.inf):
            counts = np.rint(cell / factor)
            use = counts <= largest
            if np.any(counts[use]):
                factor = cell[use] @ counts[use] / (counts[use] @ counts[use])
        counts = np.rint(cell / factor)
        if np.abs(cell / factor - counts).max() < 0.1:
            break
    else:
        raise SystemExit(f"row {row} gives no whole numbers")
    values.data[part] = counts
${raw ? "counted = anndata.AnnData(values.astype(np.float32), obs=adata.obs, var=adata.raw.var)\ncounted" : 'adata.layers["counts"] = values.astype(np.float32)\nadata'}.write_h5ad("FILE_with_counts.h5ad")
`;
}
