import {extend, h, send, uniqueId} from "./dom.js";

/** Parameters of a layout that a person chooses. */
export interface LayoutChoice {
  neighbors: number;
  minDist: number;
  /** null: by the number of cells. */
  epochs: number | null;
  seed: number;
}

/** A form; "choose" (CustomEvent, detail: LayoutChoice) tells of values that make sense, once a control is let go. */
export type LayoutForm = HTMLElement & {update(choice: LayoutChoice): void; readonly value: LayoutChoice};

const controls = [
  {
    key: "neighbors",
    name: "Neighbors",
    least: 2,
    most: 200,
    step: 1,
    what: "Cells that each cell is bound to, itself among them. Few: fine, torn into shreds. Many: broad outlines, small groups melt away."
  },
  {
    key: "minDist",
    name: "Least distance",
    least: 0,
    most: 1,
    step: 0.01,
    what: "How close bound cells may come on the map. 0 packs groups tightly; more spreads them for the eye. Looks, not facts."
  },
  {
    key: "epochs",
    name: "Rounds",
    least: 1,
    most: 2000,
    step: 1,
    what: "How often every bond pulls. Empty: by the number of cells, 200 to 500. Too few and the map is not finished."
  },
  {
    key: "seed",
    name: "Seed",
    least: 0,
    most: 2 ** 31 - 1,
    step: 1,
    what: "Of the random numbers. What another seed changes is not in the data."
  }
] as const;

/** The four parameters, each with what it does. A value that makes no sense is marked and not told. */
export function layoutForm(choice: LayoutChoice): LayoutForm {
  let value = choice;
  const inputs = new Map(
    controls.map(({key, name, least, most, step, what}) => {
      const id = uniqueId(key);
      const input = h("input", {
        type: "number",
        id,
        min: least,
        max: most,
        step: key === "minDist" ? "any" : step,
        inputmode: "decimal",
        "aria-describedby": `${id}-what`,
        placeholder: key === "epochs" ? "auto" : undefined
      });
      const range =
        key === "neighbors" || key === "minDist"
          ? h("input", {
              type: "range",
              min: least,
              max: most === 200 ? 100 : most,
              step,
              "aria-label": `${name}, as a slider`
            })
          : null;
      range?.addEventListener("input", () => (input.value = range.value));
      range?.addEventListener("change", () => take());
      input.addEventListener("change", () => take());
      return [
        key,
        {
          input,
          range,
          element: h(
            "div",
            {class: "wb-layout-field"},
            h("label", {for: id}, name),
            h("div", {}, input, range),
            h("p", {class: "wb-small", id: `${id}-what`}, what)
          )
        }
      ] as const;
    })
  );
  const fault = h("p", {class: "wb-small wb-layout-fault", role: "alert"});
  const root = h(
    "form",
    {class: "wb-layout", "aria-label": "Parameters of the map", onsubmit: (event: Event) => event.preventDefault()},
    ...[...inputs.values()].map(({element}) => element),
    fault
  );

  function take(): void {
    const next: Record<string, number | null> = {};
    let wrong = "";
    for (const {key, name, least, most, step} of controls) {
      const {input} = inputs.get(key)!;
      const text = input.value.trim();
      const number = Number(text);
      const empty = text === "" && key === "epochs";
      const fits =
        empty || (text !== "" && number >= least && number <= most && (step !== 1 || Number.isInteger(number)));
      input.setAttribute("aria-invalid", String(!fits));
      if (!fits) wrong ||= `${name}: give ${step === 1 ? "a whole number" : "a number"} from ${least} to ${most}.`;
      next[key] = empty ? null : number;
    }
    fault.textContent = wrong;
    if (wrong !== "") return;
    const chosen = next as unknown as LayoutChoice;
    if (JSON.stringify(chosen) === JSON.stringify(value)) return;
    update(chosen);
    send(root, "choose", chosen);
  }

  function update(next: LayoutChoice): void {
    value = {neighbors: next.neighbors, minDist: next.minDist, epochs: next.epochs, seed: next.seed};
    for (const {key} of controls) {
      const {input, range} = inputs.get(key)!;
      const text = value[key] === null ? "" : String(value[key]);
      input.value = text;
      input.setAttribute("aria-invalid", "false");
      if (range !== null) range.value = text;
    }
    fault.textContent = "";
  }
  update(choice);
  return extend(root, {
    update,
    get value() {
      return value;
    }
  });
}
