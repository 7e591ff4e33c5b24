import {nearestOnMap} from "../core/space/nearest-on-map.js";
import {readUmap} from "../core/tables/umap.js";
import type {OpenedFile, WorkerEvent} from "../runtime/browser/protocol.js";
import {cellDescriptions, obsText} from "../views/cell-descriptions.js";
import {colorScale, type ColorScale, pickCells, plainScale} from "../views/color-scale.js";
import {h} from "../views/dom.js";
import {layoutForm, type LayoutChoice} from "../views/layout-form.js";
import {legend} from "../views/legend.js";
import {mapView} from "../views/map-view.js";
import {miniMap} from "../views/mini-map.js";
import {neighborLists, type ListedNeighbor} from "../views/neighbor-lists.js";
import {overlapView} from "../views/overlap-view.js";
import {projectorFold} from "../views/projector-fold.js";
import {chapter} from "./chapter.js";
import {chosenColumn, groupColumns} from "./chapter-column.js";
import type {Session} from "./session.js";
import {linksOn, meaningless, nearestCount as k, type NearestCells, type PlacedCells} from "./umap-links.js";
import {seedMaps} from "./umap-seeds.js";

/** The figures of the umap chapter; its page puts prose between them. */
export interface UmapChapter {
  readonly session: Session;
  readonly top: HTMLElement;
  /** Parameters, and the map that follows them. */
  readonly layout: HTMLElement;
  /** The same vectors under four seeds. */
  readonly seeds: HTMLElement;
  /** Neighbors of one cell in the embedding and on the map. */
  readonly neighbors: HTMLElement;
  readonly trust: HTMLElement;
  dispose(): void;
}

/** Cells up to which four seeds are laid out without being asked for. */
const fewCells = 1500;
const nothing = "Looking for a stored map …";

/** Wires the chapter to a session: a changed parameter re-runs the umap stage alone. */
export function umapChapter(session: Session): UmapChapter {
  const run = chapter(session, {until: "umap", runsDemo: true});
  const form = layoutForm(choiceOf(session));
  const main = mapView(
    {positions: new Float32Array(0)},
    {title: "Map of the cells", caption: `UMAP 1 and UMAP 2, in no unit. ${meaningless}`}
  );
  const key = legend(plainScale(0));
  const column = h("select", {"aria-label": "Column to color by"});
  const seeds = seedMaps(session, {begin: layOutSeeds, report: run.report});
  const neighborMap = miniMap({title: `Lines to the ${k} nearest cells`, selectable: true});
  const closeUp = h("input", {
    type: "checkbox",
    checked: true,
    onchange: () => neighborMap.setCloseUp(closeUp.checked)
  });
  const lists = neighborLists();
  const overlap = overlapView();
  neighborMap.setCloseUp(true);
  let work = new AbortController();
  let asking = 0;
  let placed: PlacedCells | null = null;
  let wanted: LayoutChoice | null = null;
  let nearest: NearestCells | null = null;

  const scaleOf = (file: OpenedFile): ColorScale => {
    const found = file.obs.find(({name}) => name === column.value);
    return found === undefined ? plainScale(file.cellIds.length) : colorScale(found);
  };
  const label = (row: number): string | null => {
    const found = session.file?.obs.find(({name}) => name === column.value);
    return found === undefined ? null : obsText(found, row);
  };

  /** Draws the main map; `forming` only moves its points. */
  function showMain(next: PlacedCells, status: string): void {
    const {file} = session;
    if (file === null) return;
    const same =
      placed !== null && placed.rows.length === next.rows.length && placed.rows.every((row, i) => row === next.rows[i]);
    placed = next;
    main.setMessage(null);
    if (same) main.setPositions(next.positions);
    else {
      main.setCells({positions: next.positions, ...cellDescriptions(file, next.rows)});
      paint();
    }
    main.setStatus(status);
  }

  function paint(): void {
    const {file} = session;
    if (file === null) return;
    const whole = scaleOf(file);
    const scale = placed === null ? whole : pickCells(whole, placed.rows);
    if (placed !== null) {
      main.setColors(scale);
      neighborMap.setCells(placed.positions, scale);
    }
    key.update(scale);
    seeds.paint(whole);
  }

  function clear(message: string): void {
    placed = null;
    nearest = null;
    main.setCells({positions: new Float32Array(0)});
    main.setStatus("");
    main.setMessage(message);
    neighborMap.setCells(new Float32Array(0), plainScale(0));
    neighborMap.setMark(null);
    neighborMap.setLinks(null);
    neighborMap.setMessage(message);
    lists.update(null, message);
    overlap.update(null, message);
    seeds.clear(message);
    seeds.mark(null);
  }

  /** All that is made of a finished map. */
  async function refresh(): Promise<void> {
    work.abort();
    const {signal} = (work = new AbortController());
    const table = session.results.get("umap");
    seeds.enable(table !== undefined);
    if (session.file === null) return clear("");
    if (session.running) return;
    if (table === undefined) {
      if (placed === null || !session.results.has("embeddings")) return clear(nothing);
      return main.setStatus("of other parameters");
    }
    const {rows, positions, index} = readUmap(table);
    showMain({rows: index.map((place) => rows[place]), positions}, "");
    paint();
    neighborMap.setMessage(null);
    seeds.clear("Not laid out yet");
    try {
      await choose(startCell(), signal);
      overlap.update(null, "Comparing neighbors …");
      const fidelity = await session.client.ask("mapFidelity", {positions, k}, {signal});
      overlap.update(fidelity, `Trustworthiness of ${k} neighbors needs more than ${2 * k} cells on the map.`);
      if (index.length <= fewCells) layOutSeeds();
    } catch (error) {
      if (!signal.aborted) run.report(error);
    }
  }

  function startCell(): number {
    const {cell} = session.view;
    if (cell !== null && placed!.rows.includes(cell)) return cell;
    return placed!.rows[placed!.rows.length >> 1] ?? -1;
  }

  /** Shows the neighbors of the cell of row `row`. */
  async function choose(row: number, signal: AbortSignal): Promise<void> {
    const mine = ++asking;
    if (row < 0) return;
    const found = await session.client.ask("cellNeighbors", {row, k}, {signal});
    if (mine !== asking || found === null || placed === null) return;
    nearest = {row, ...found};
    const {rows, positions} = placed;
    const links = linksOn(rows, positions, nearest);
    neighborMap.setMark(links.from);
    neighborMap.setLinks(links);
    const {file} = session;
    const listed = (at: number): ListedNeighbor => {
      const place = found.rows.indexOf(rows[at]);
      return {
        name: file!.cellIds[rows[at]],
        label: label(rows[at]),
        shared: links.both.includes(at),
        cosine: place < 0 ? null : found.cosines[place]
      };
    };
    const at = new Map(Array.from(rows, (one, i) => [one, i]));
    lists.update({
      cell: file!.cellIds[row],
      label: label(row),
      space: Array.from(found.rows, (one) => listed(at.get(one)!)),
      map: Array.from(nearestOnMap(positions, links.from, found.rows.length), listed)
    });
    seeds.mark(nearest);
  }

  function layOutSeeds(): void {
    if (placed !== null) void seeds.layOut(placed, scaleOf(session.file!));
  }

  function follow(event: WorkerEvent): void {
    if (event.type !== "layout") return;
    const {rows, positions, epoch, epochs} = event;
    showMain({rows, positions}, epoch < epochs ? `round ${epoch} of ${epochs}` : "");
  }

  const stop = session.on({
    file(file) {
      const columns = file === null ? [] : groupColumns(file);
      column.replaceChildren(
        ...columns.map(({name}) => h("option", {value: name}, name)),
        h("option", {value: ""}, "(nothing)")
      );
      column.value = file === null ? "" : (chosenColumn(file, session.view.color)?.name ?? "");
      clear(file === null ? "" : nothing);
      paint();
      if (session.results.has("umap")) void refresh();
    },
    view(view, keys) {
      if (keys.has("neighbors") || keys.has("minDist") || keys.has("epochs") || keys.has("seed"))
        form.update(choiceOf({view}));
    },
    event: follow,
    running(running) {
      if (running) {
        work.abort();
        seeds.cancel();
        seeds.enable(false);
        if (placed === null) clear("The map forms here once the cells are embedded.");
      } else if (wanted !== null) queueMicrotask(apply);
      else void refresh();
    },
    results: () => void (session.running || refresh())
  });
  /** A run was cut off for another choice, and goes on with it. */
  let again = false;
  /** The frame runs what a changed view lacks; a layout that goes on is ended first, since its map would be taken for the new one's. */
  function apply(): void {
    if (wanted === null) return;
    if (session.running) {
      again = true;
      return session.cancel();
    }
    const [choice, cutOff] = [wanted, again];
    wanted = null;
    again = false;
    session.change(choice);
    if (cutOff) void run.run();
  }

  form.addEventListener("choose", (event) => {
    wanted = (event as CustomEvent<LayoutChoice>).detail;
    apply();
  });
  column.addEventListener("change", () => {
    session.change({color: column.value === "" ? null : `obs:${column.value}`});
    paint();
    if (nearest !== null) void choose(nearest.row, work.signal).catch(run.report);
  });
  key.addEventListener("highlight", (event) =>
    main.setHighlight((event as CustomEvent<ReadonlySet<number> | null>).detail)
  );
  const pick = (event: Event): void => {
    const {point} = (event as CustomEvent<{point: number | null}>).detail;
    if (point === null || placed === null || session.running) return;
    const row = placed.rows[point];
    session.change({cell: row});
    void choose(row, work.signal).catch(run.report);
  };
  neighborMap.addEventListener("select", pick);
  main.addEventListener("select", pick);
  clear("");

  return {
    session,
    top: run.element,
    // A map of other parameters stays while the next one is missing.
    layout: run.instead(
      h(
        "section",
        {class: "wb-umap-layout", "aria-label": "Parameters and map"},
        projectorFold("Parameters", form),
        h(
          "div",
          {},
          h("p", {class: "wb-fields"}, h("label", {class: "wb-field"}, "Color by", column)),
          h("div", {class: "wb-mapgrid"}, main, key)
        )
      ),
      {keep: () => placed !== null}
    ),
    seeds: run.instead(seeds.element),
    neighbors: run.instead(
      h(
        "figure",
        {class: "wb-neighbor-figure"},
        h(
          "div",
          {class: "wb-linekey"},
          h("span", {}, h("i", {class: "wb-line", "data-kind": "both"}), "near in both"),
          h("span", {}, h("i", {class: "wb-line", "data-kind": "space"}), "near in the embedding only"),
          h("span", {}, h("i", {class: "wb-line", "data-kind": "map"}), "near on the map only")
        ),
        h("label", {class: "wb-field"}, closeUp, "close up"),
        h("div", {class: "wb-neighbor-grid"}, neighborMap, lists),
        h("figcaption", {class: "wb-small"}, `Click a cell, or use the arrow keys on the map. ${meaningless}`)
      )
    ),
    trust: run.instead(overlap),
    dispose() {
      work.abort();
      seeds.dispose();
      stop();
      main.dispose();
      neighborMap.dispose();
      run.dispose();
    }
  };
}

function choiceOf({view}: Pick<Session, "view">): LayoutChoice {
  const {neighbors, minDist, epochs, seed} = view;
  return {neighbors, minDist, epochs, seed};
}
