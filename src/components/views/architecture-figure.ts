import type {ArchitectureDescription, ArchitecturePart} from "../core/model/describe-architecture.js";
import {extend, h} from "./dom.js";
import {formatBytes, formatCount, formatInteger, formatNumber} from "./format.js";

/** What the figure shows: the model, and one sentence going through it. */
export interface ArchitectureFigureData extends ArchitectureDescription {
  /** Tokens of the sentence. */
  length: number;
  /** Additions and multiplications that it takes. */
  operations: number;
}

/** The figure; null says what it waits for. */
export type ArchitectureFigure = HTMLElement & {update(data: ArchitectureFigureData | null, waiting?: string): void};

interface Row {
  kind: string;
  name: string;
  what: string;
  shape: string;
  parameters: number;
  bytes: number;
}

/** The encoder from tokens to unit vector: what each part does, the shape that it hands on, its weights and their bytes. */
export function architectureFigure(data: ArchitectureFigureData | null = null): ArchitectureFigure {
  const body = h("tbody");
  const foot = h("tfoot");
  const caption = h("figcaption", {class: "wb-small"});
  const grid = h(
    "table",
    {class: "wb-table wb-arch-table"},
    h("caption", {class: "wb-hidden"}, "The model, part by part"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Part", "Output", "Weights", "Bytes"].map((name, k) =>
          h("th", {scope: "col", class: k > 1 ? "wb-number" : undefined}, name)
        )
      )
    ),
    body,
    foot
  );
  const root = h("figure", {class: "wb-arch"}, grid, caption);
  const update = (next: ArchitectureFigureData | null, waiting = ""): void => {
    if (next === null) {
      body.replaceChildren(
        h(
          "tr",
          {},
          h(
            "td",
            {colspan: 4, class: "wb-arch-waiting"},
            waiting || "The model's description comes with an open file …"
          )
        )
      );
      foot.replaceChildren();
      caption.textContent = "";
      return;
    }
    const rows = rowsOf(next);
    const most = Math.max(...rows.map(({bytes}) => bytes));
    body.replaceChildren(...rows.map((row) => rowElement(row, most)));
    foot.replaceChildren(
      h(
        "tr",
        {},
        h("th", {scope: "row"}, "together"),
        h("td"),
        h("td", {class: "wb-number"}, formatInteger(next.parameters)),
        h("td", {class: "wb-number"}, formatBytes(next.bytes))
      )
    );
    const {name, untrained, precision, length, operations} = next;
    caption.textContent =
      `${name}${untrained ? " (weights are random)" : ""}; bytes as stored in ${precision}, a bar for each part's share of the largest. Output: rows × numbers in a row, where L is the number of tokens in a sentence. A sentence of L = ${formatInteger(length)} tokens ` +
      `takes ${operations >= 1e9 ? `${formatNumber(operations / 1e9)} billion` : `${formatNumber(operations / 1e6)} million`} additions and multiplications.`;
  };
  update(data);
  return extend(root, {update});
}

function rowElement({kind, name, what, shape, parameters, bytes}: Row, most: number): HTMLElement {
  const share = bytes > 0 ? Math.max(1, (100 * bytes) / most) : 0;
  return h(
    "tr",
    {"data-kind": kind},
    h("th", {scope: "row"}, h("div", {class: "wb-arch-box"}, h("strong", {}, name), h("span", {}, what))),
    h("td", {class: "wb-arch-shape"}, shape),
    h("td", {class: "wb-number"}, parameters > 0 ? formatInteger(parameters) : "none"),
    h(
      "td",
      {class: "wb-number wb-arch-bytes", style: `--wb-share: ${share.toFixed(1)}%`},
      bytes > 0 ? formatBytes(bytes) : "–"
    )
  );
}

/** Rows of the figure; layers that are alike are one row each for attention and feed-forward. */
function rowsOf({architecture, tableRows, parts}: ArchitectureFigureData): Row[] {
  const {layers, width, heads, feedForward, positions} = architecture;
  const by = (kind: ArchitecturePart["kind"], which: (layer: number) => boolean = () => true) =>
    parts.filter((part) => part.kind === kind && which(part.layer));
  const row = (name: string, what: string, group: ArchitecturePart[], shape = shapeText(group[0].shape)): Row => ({
    kind: group[0].kind,
    name,
    what,
    shape,
    parameters: group.reduce((sum, part) => sum + part.parameters, 0),
    bytes: group.reduce((sum, part) => sum + part.bytes, 0)
  });
  const early = (layer: number) => layer < layers;
  const late = (layer: number) => layer === layers;
  const span = layers === 2 ? "Layer 1" : `Layers 1 to ${layers - 1}`;
  const feed = `${width} → ${feedForward} → ${width}, GELU between`;
  return [
    {
      kind: "input",
      name: "Sentence",
      what: "CLS, then chromosome by chromosome its genes",
      shape: "L × 1",
      parameters: 0,
      bytes: 0
    },
    row("Token table", `one of ${formatInteger(tableRows)} rows of ${width} for each token`, by("table")),
    row(
      "Positions",
      positions === "learned" ? "a learned row for each place is added" : "sines and cosines of the place are added",
      by("positions")
    ),
    ...(layers > 1
      ? [
          row(
            `${span}: attention`,
            `every token attends to all tokens, ${formatCount(heads, "head")} of ${width / heads}; added, normalized`,
            by("attention", early)
          ),
          row(`${span}: feed-forward`, `each token alone: ${feed}; added, normalized`, by("feedForward", early))
        ]
      : []),
    row(`Layer ${layers}: attention`, "only CLS attends: no other row is used afterwards", by("attention", late)),
    row(`Layer ${layers}: feed-forward`, `CLS alone: ${feed}`, by("feedForward", late)),
    row("Projection", "of the CLS row; normalized", by("output")),
    {
      kind: "result",
      name: "Unit vector",
      what: "divided by its length: the cell's embedding",
      shape: shapeText([1, architecture.outputWidth]),
      parameters: 0,
      bytes: 0
    }
  ];
}

function shapeText([rows, columns]: ArchitecturePart["shape"]): string {
  return `${rows} × ${columns}`;
}
