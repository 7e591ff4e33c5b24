import {scoreCard} from "../views/score-card.js";
import type {Session} from "./session.js";

/** How well neighbors agree on the column that colors the maps. */
export interface ScorePanel {
  readonly element: HTMLElement;
  /** Scores the column of `color` ("obs:NAME") on the cells that are embedded; nothing for another color. */
  show(color: string): Promise<void>;
  clear(): void;
}

/** The panel; it asks the worker, and shows nothing where there is nothing to score. */
export function scorePanel(session: Session): ScorePanel {
  const card = scoreCard();
  let asked: AbortController | null = null;
  function clear(): void {
    asked?.abort();
    asked = null;
    card.update(null);
  }
  return {
    element: card,
    clear,
    async show(color) {
      clear();
      if (!color.startsWith("obs:") || !session.results.has("embeddings") || session.running) return;
      const mine = (asked = new AbortController());
      card.update("waiting");
      const found = await session.client
        .ask("scores", {column: color.slice(4)}, {signal: mine.signal})
        .catch(() => null);
      if (asked === mine) card.update(found);
    }
  };
}
