import type {SeedRule} from "../core/types.js";
import {h} from "../views/dom.js";
import type {Session} from "./session.js";

/** The choice of where sampling seeds come from, with its label. */
export type SeedRuleChoice = HTMLElement & {
  /** Shows what the view says. */
  update(): void;
};

/** A field that writes the view's `seeds`. The rule that is not the reference's says so in its name. */
export function seedRuleChoice(session: Session): SeedRuleChoice {
  const select = h(
    "select",
    {"aria-label": "Sampling seeds", onchange: () => session.change({seeds: select.value as SeedRule})},
    h("option", {value: "row"}, "the cell's row in the file, as UCE-brain"),
    h("option", {value: "name"}, "the cell's name (not the reference)")
  );
  const update = (): void => void (select.value = session.view.seeds);
  update();
  return Object.assign(h("label", {class: "wb-field"}, "Sampling seeds", select), {update});
}
