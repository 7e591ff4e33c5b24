import type {MatrixCandidate} from "../core/anndata/consider-matrix.js";
import type {MatrixInfo} from "../core/anndata/matrix-info.js";
import {extend, h, uniqueId} from "./dom.js";
import {formatInteger, formatShare} from "./format.js";

/** A matrix of the file and what its values turned out to be; null: not looked at. */
export interface MatrixRow {
  info: MatrixInfo;
  candidate: MatrixCandidate | null;
}

/** "input" tells of a choice; `value` is the name chosen, or null. A name that the file lacks, or that cannot be used, is not taken. */
export type MatrixPicker = HTMLElement & {
  update(rows: readonly MatrixRow[], chosen: string | null): void;
  value: string | null;
};

export interface MatrixPickerOptions {
  /** Why the chosen one was chosen (one sentence). */
  reason?: string;
  /** Whether a matrix that does not hold counts may be chosen (false): its radio is disabled otherwise, one not looked at yet may be. */
  anyMatrix?: boolean;
}

const kinds = {csr: "sparse, by cell", csc: "sparse, by gene", dense: "dense"};

/** A table of the file's matrices with the evidence for what each holds, and a radio button to choose one. */
export function matrixPicker(
  rows: readonly MatrixRow[],
  chosen: string | null,
  {reason, anyMatrix = false}: MatrixPickerOptions = {}
): MatrixPicker {
  const group = uniqueId("matrix");
  let value = chosen;
  const body = h("tbody");
  const root = h(
    "fieldset",
    {class: "wb-matrices"},
    h("legend", {}, "Matrix"),
    h(
      "div",
      {class: "wb-scroll", tabindex: 0, role: "region", "aria-label": "Matrices of the file"},
      h(
        "table",
        {class: "wb-table"},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["Use", "Matrix", "Holds", "Cells × genes", "Stored as", "Evidence"].map((name) =>
              h("th", {scope: "col"}, name)
            )
          )
        ),
        body
      )
    ),
    reason === undefined ? null : h("p", {class: "wb-small"}, reason)
  );
  const update = (next: readonly MatrixRow[], now: string | null): void => {
    value = now;
    body.replaceChildren(...next.map((row) => matrixRow(row)));
  };
  const matrixRow = ({info, candidate}: MatrixRow): HTMLElement => {
    const verdict = verdictOf(info, candidate);
    const usable = verdict === "counts" || verdict === "not looked at" || (anyMatrix && verdict !== "damaged");
    const id = uniqueId("choice");
    const radio = h("input", {
      type: "radio",
      name: group,
      id,
      value: info.name,
      checked: info.name === value,
      disabled: !usable && info.name !== value
    });
    radio.addEventListener("input", (event) => {
      event.stopPropagation();
      value = info.name;
      root.dispatchEvent(new Event("input", {bubbles: true}));
    });
    return h(
      "tr",
      {"data-matrix": info.name, "data-verdict": verdict},
      h("td", {}, radio),
      h("th", {scope: "row"}, h("label", {for: id}, h("code", {}, info.name))),
      h("td", {}, h("span", {class: "wb-verdict", "data-verdict": verdict}, verdict)),
      h(
        "td",
        {class: "wb-number"},
        info.fault === null ? `${formatInteger(info.nRows)} × ${formatInteger(info.nCols)}` : "–"
      ),
      h("td", {}, info.fault === null ? `${kinds[info.encoding]}, ${info.dtype}` : "–"),
      h("td", {class: "wb-evidence"}, evidenceOf(info, candidate))
    );
  };
  update(rows, chosen);
  return extend(root, {
    update,
    get value() {
      return value;
    },
    set value(next: string | null) {
      const radio = [...body.querySelectorAll<HTMLInputElement>("input")].find((one) => one.value === next);
      if (next !== null && (radio === undefined || radio.disabled)) return;
      value = next;
      for (const one of body.querySelectorAll<HTMLInputElement>("input")) one.checked = one.value === next;
    }
  });
}

function verdictOf(info: MatrixInfo, candidate: MatrixCandidate | null): string {
  if (info.fault !== null || (candidate !== null && candidate.evidence === null)) return "damaged";
  return candidate?.evidence?.verdict ?? "not looked at";
}

function evidenceOf(info: MatrixInfo, candidate: MatrixCandidate | null): string {
  const fault = info.fault ?? candidate?.fault;
  if (fault !== null && fault !== undefined) return fault;
  const evidence = candidate?.evidence;
  if (evidence === null || evidence === undefined) return "–";
  const extent = evidence.complete ? "all values" : `${formatInteger(evidence.rowsExamined)} cells`;
  return `${evidence.why} (${extent}, ${formatShare(evidence.fractionNonzero)} not zero)`;
}
