import type {OpenedFile} from "../runtime/browser/protocol.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {cellDescriptions} from "../views/cell-descriptions.js";
import {colorScale, pickCells, plainScale} from "../views/color-scale.js";
import {h} from "../views/dom.js";
import {legend} from "../views/legend.js";
import {mapView, umapCaption} from "../views/map-view.js";

/** The map with its legend: the run's own map as it forms, and those that the file brings. */
export interface MapPanel {
  readonly element: HTMLElement;
  /** Another file: its columns to colour by, and its own first map at once. */
  open(file: OpenedFile): void;
  /** A state of the layout that forms: x and y by turns for `rows`. */
  layout(rows: Int32Array, positions: Float32Array, status: string): void;
  /** No file is open. */
  close(): void;
  /** No layout yet; `message` stands in its place unless the file brings a map. */
  clear(message: string): void;
  /** Column that colours the map; "" for none. */
  readonly column: string;
  dispose(): void;
}

const ours = "umap";
const preferred = [/^cell_?type$/i, /cell.?type|celltype|annotation/i, /label|cluster|leiden|louvain|tissue|condition|cell_?line/i];

/** The panel; `caption` says what must be known of the map (that weights are random, say), `onColumn` hears of another colouring. */
export function mapPanel(caption: () => string, onColumn: () => void = () => {}): MapPanel {
  const view = mapView({positions: new Float32Array(0)}, {title: "Map of the cells", aspect: 4 / 3});
  const key = legend(plainScale(0));
  const which = h("select", {"aria-label": "Map to show"});
  const colour = h("select", {"aria-label": "Column to colour by"});
  const words = h("p", {class: "wb-small"});
  const element = h("section", {class: "wb-card", "aria-label": "Map"},
    h("div", {class: "wb-fields"}, field("Map", which), field("Colour by", colour)),
    h("div", {class: "wb-mapgrid"}, view, key), words);
  let file: OpenedFile | null = null;
  let forming: {rows: Int32Array; positions: Float32Array; status: string} | null = null;
  let shown: {source: string; rows: Int32Array | null} = {source: "", rows: null};

  const rowsNow = (): Int32Array | null => (which.value === ours ? forming?.rows ?? new Int32Array(0) : null);

  function paint(): void {
    if (file === null) return;
    const column = file.obs.find(({name}) => name === colour.value);
    const whole = column === undefined ? plainScale(file.cellIds.length) : colorScale(column);
    // Before the first layout the legend already says what the file holds.
    if (which.value === ours && forming === null) return key.update(whole);
    const rows = rowsNow();
    const scale = rows === null ? whole : pickCells(whole, rows);
    view.setColors(scale);
    key.update(scale);
  }

  function show(): void {
    if (file === null) return;
    const source = which.value;
    const rows = rowsNow();
    const positions = source === ours ? forming?.positions ?? new Float32Array(0) : file.maps.find(({name}) => name === source)!.positions;
    if (source === shown.source && rows === shown.rows && rows !== null) view.setPositions(positions);
    else {
      view.setCells({positions, ...cellDescriptions(file, rows ?? undefined)});
      paint();
      shown = {source, rows};
    }
    view.setStatus(source === ours ? forming?.status ?? "" : "");
    words.textContent = source === ours ? (forming === null ? "" : caption()) : `${source}, as the file brings it. ${umapCaption}`;
  }

  which.addEventListener("change", show);
  colour.addEventListener("change", () => {
    paint();
    onColumn();
  });
  key.addEventListener("highlight", (event) => view.setHighlight((event as CustomEvent<ReadonlySet<number> | null>).detail));

  return {
    element,
    open(opened) {
      file = opened;
      forming = null;
      shown = {source: "", rows: null};
      const columns = opened.obs.filter((column) => isColourable(column, opened.cellIds.length));
      colour.replaceChildren(...[...columns.map(({name}) => name), ""].map((name) => h("option", {value: name}, name || "(nothing)")));
      colour.value = firstColumn(columns)?.name ?? "";
      which.replaceChildren(h("option", {value: ours}, "This model, UMAP"), ...opened.maps.map(({name}) => h("option", {value: name}, `In the file: ${name}`)));
      which.value = opened.maps[0]?.name ?? ours;
      view.setMessage(opened.maps.length === 0 ? "The map appears here when the cells are embedded" : null);
      show();
    },
    layout(rows, positions, status) {
      const first = forming === null;
      forming = {rows: forming?.rows.length === rows.length ? forming.rows : rows, positions, status};
      view.setMessage(null);
      if (first) which.value = ours;
      if (which.value === ours) show();
    },
    close() {
      file = null;
      forming = null;
      shown = {source: "", rows: null};
      colour.replaceChildren();
      which.replaceChildren();
      words.textContent = "";
      view.setCells({positions: new Float32Array(0)});
      view.setStatus("");
      key.update(plainScale(0));
      view.setMessage(null);
    },
    clear(message) {
      forming = null;
      if (which.value === ours) {
        show();
        view.setMessage(message);
      }
    },
    get column() {
      return colour.value;
    },
    dispose: () => view.dispose()
  };
}

function field(label: string, control: HTMLElement): HTMLElement {
  return h("label", {class: "wb-field"}, label, control);
}

function isColourable(column: ObsColumn, cells: number): boolean {
  if (column.kind !== "text") return true;
  return new Set(column.values).size <= Math.max(50, cells / 2);
}

function firstColumn(columns: ObsColumn[]): ObsColumn | undefined {
  const groups = columns.filter(({kind}) => kind === "categorical" || kind === "text");
  for (const pattern of preferred) {
    const found = groups.find(({name}) => pattern.test(name));
    if (found !== undefined) return found;
  }
  return groups[0] ?? columns[0];
}
