import {isAbort} from "../core/errors.js";
import {type ColorScale, pickCells, plainScale} from "../views/color-scale.js";
import {h, setText} from "../views/dom.js";
import {formatDuration} from "../views/format.js";
import {miniMap} from "../views/mini-map.js";
import type {Session} from "./session.js";
import {linksOn, meaningless, nearestCount, type NearestCells, type PlacedCells} from "./umap-links.js";

/** Maps of the same vectors under four seeds. */
export interface SeedMaps {
  readonly element: HTMLElement;
  /** Whether there is a map whose seed can be varied. */
  enable(there: boolean): void;
  /** No maps; `message` in their place. */
  clear(message: string): void;
  /** Other colors of all cells of the file. */
  paint(whole: ColorScale): void;
  /** Another cell is looked at. */
  mark(nearest: NearestCells | null): void;
  /** Lays the maps out, the first being the one that is there; a layout that goes on is ended. Never rejects. */
  layOut(first: PlacedCells, whole: ColorScale): Promise<void>;
  cancel(): void;
  dispose(): void;
}

const seedCount = 4;

/** The maps and the button that makes them, or ends their making; it calls `begin`. `report` hears of faults. */
export function seedMaps(session: Session, {begin, report}: {begin(): void; report(error: unknown): void}): SeedMaps {
  const maps = Array.from({length: seedCount}, (_, i) => miniMap({title: `Seed ${session.view.seed + i}`, aspect: 1}));
  const words = h("p", {class: "wb-small", role: "status"});
  const button = h(
    "button",
    {type: "button", class: "wb-button", disabled: true, onclick: () => (going === null ? begin() : going.abort())},
    "Lay out four seeds"
  );
  const notes = maps.map(() => h("p", {class: "wb-small wb-mini-note"}, "\u00a0"));
  let going: AbortController | null = null;
  let places: PlacedCells[] = [];
  let near: NearestCells | null = null;

  function clear(message: string): void {
    going?.abort();
    going = null;
    places = [];
    maps.forEach((map, i) => {
      map.setMessage(message);
      map.setCells(new Float32Array(0), plainScale(0));
      map.setMark(null);
      map.setLinks(null);
      setText(map.querySelector(".wb-mini-title")!, `Seed ${session.view.seed + i}`);
      setText(notes[i], "\u00a0");
    });
    setText(words, "");
  }

  function mark(nearest: NearestCells | null): void {
    near = nearest;
    places.forEach((one, i) => {
      if (near === null) return;
      const links = linksOn(one.rows, one.positions, near);
      maps[i].setMark(links.from);
      maps[i].setLinks({...links, map: []});
      const kept = links.both.length;
      setText(notes[i], `keeps ${kept} of the cell's ${kept + links.space.length} neighbors`);
    });
  }

  async function layOut(first: PlacedCells, whole: ColorScale): Promise<void> {
    clear("Waiting");
    const {signal} = (going = new AbortController());
    const {neighbors, minDist, epochs, seed} = session.view;
    setText(button, "Cancel");
    try {
      for (let i = 0; i < seedCount; ++i) {
        const map = maps[i];
        let found: (PlacedCells & {ms?: number}) | null = first;
        if (i > 0) {
          map.setMessage("Being laid out");
          const onProgress = (done: number, total: number) =>
            signal.aborted || map.setMessage(total > 1 ? `Round ${done} of ${total}` : "Looking for neighbors");
          found = await session.client.ask(
            "relayout",
            {neighbors, minDist, epochs, seed: seed + i},
            {signal, onProgress}
          );
        }
        if (signal.aborted || found === null) return;
        places[i] = found;
        map.setMessage(null);
        map.setCells(found.positions, pickCells(whole, found.rows));
        mark(near);
        if (found.ms !== undefined) setText(words, `The last of them took ${formatDuration(found.ms)}.`);
      }
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) report(error);
    } finally {
      if (going?.signal === signal) {
        going = null;
        for (let i = places.length; i < seedCount; ++i) maps[i].setMessage("Not laid out");
      }
      if (going === null) setText(button, "Lay out four seeds");
    }
  }

  return {
    element: h(
      "figure",
      {class: "wb-seeds"},
      h("div", {class: "wb-actions wb-seeds-actions"}, button, words),
      h(
        "div",
        {class: "wb-seeds-grid"},
        maps.map((map, i) => h("div", {}, map, notes[i]))
      ),
      h(
        "figcaption",
        {class: "wb-small"},
        `The same vectors and parameters, ${seedCount} seeds; colors as above, lines from the chosen cell to its ${nearestCount} nearest in the embedding. ${meaningless}`
      )
    ),
    enable: (there) => void (button.disabled = !there),
    clear,
    mark,
    layOut,
    paint: (whole) => places.forEach((one, i) => maps[i].setCells(one.positions, pickCells(whole, one.rows))),
    cancel: () => going?.abort(),
    dispose() {
      going?.abort();
      for (const map of maps) map.dispose();
    }
  };
}
