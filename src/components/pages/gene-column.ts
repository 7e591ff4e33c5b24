import {h} from "../views/dom.js";
import type {Session} from "./session.js";

/**
 * A field for where the gene names of the session's file come from: the rule (spec/pipeline.md 1.1), or a column of var that holds
 * text. It writes the view's `geneColumn` and calls `changed`, since names are read when a file is opened. Null for a file
 * with nothing to choose.
 */
export function geneColumnChoice(session: Session, changed: () => void): HTMLElement | null {
  const {
    inspection: {genes, var: columns}
  } = session.file!;
  const {geneColumn} = session.view;
  const axis = genes.source.startsWith("raw/") ? "raw/var" : "var";
  const better = genes.better?.source.startsWith(`${axis}/`) ? genes.better.source.slice(axis.length + 1) : null;
  // Columns of raw/var are not listed; the one that fits is known all the same.
  const listed =
    axis === "var" ? columns.filter(({kind}) => kind === "string" || kind === "categorical").map(({name}) => name) : [];
  const names = [...new Set([geneColumn, better, ...listed].filter((name) => name !== null))];
  if (names.length === 0) return null;
  const known = (name: string) =>
    name === better ? `, ${genes.better!.aligned.toLocaleString("en")} known to the model` : "";
  const select = h(
    "select",
    {
      "aria-label": "Gene names from",
      onchange: () => {
        session.change({geneColumn: select.value === "" ? null : select.value});
        changed();
      }
    },
    h("option", {value: ""}, geneColumn === null ? `${genes.source} (found)` : "as found without a choice"),
    names.map((name) => h("option", {value: name}, `${axis}/${name}${known(name)}`))
  );
  select.value = geneColumn ?? "";
  return h("p", {class: "wb-fields"}, h("label", {class: "wb-field"}, "Gene names from", select));
}
