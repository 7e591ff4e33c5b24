import {extend, h, uniqueId} from "./dom.js";

/** Where labels come from. */
export type LabelOrigin = "clustering" | "markers" | "expert" | "unknown";

/** A question with a choice and what it means: an input, `value` and "input" event. */
export type LabelOriginChoice = HTMLElement & {value: LabelOrigin};

const origins: Record<LabelOrigin, {name: string; meaning: string}> = {
  clustering: {
    name: "clustering of expression",
    meaning:
      "Such labels favor principal components: they were mostly drawn in a space of components, so components separate them well. A better score of components says little against the model here; a better score of the model says much for it."
  },
  markers: {
    name: "surface markers or sorting",
    meaning:
      "Such labels were not made from these counts, so neither space is favored. Sorting has errors of its own, which no space can classify correctly: an accuracy of 1 is not to be expected."
  },
  expert: {
    name: "expert annotation",
    meaning:
      "Experts usually name clusters of expression by their marker genes: ask whether clusters came first. If so, principal components are favored as they are by clustering."
  },
  unknown: {
    name: "other, or unknown",
    meaning:
      "Most published labels began as clusters of expression, which favors principal components. As long as the origin is unknown, a small lead of either space means nothing."
  }
};

/** Asks where the labels come from, and says what that means for the scores; "unknown" at first. */
export function labelOrigin(): LabelOriginChoice {
  const name = uniqueId("origin");
  const meaning = h("p", {class: "wb-small", role: "status"});
  let value: LabelOrigin = "unknown";
  const inputs = (Object.keys(origins) as LabelOrigin[]).map((key) => {
    const input = h("input", {type: "radio", name, value: key, oninput: () => set(key)});
    return {key, input, label: h("label", {class: "wb-origin"}, input, origins[key].name)};
  });
  const root = h(
    "fieldset",
    {class: "wb-origins wb-cells"},
    h("legend", {}, "Where do these labels come from?"),
    h(
      "div",
      {class: "wb-fields"},
      inputs.map(({label}) => label)
    ),
    meaning
  );
  const set = (next: LabelOrigin): void => {
    value = next;
    for (const {key, input} of inputs) input.checked = key === next;
    meaning.textContent = origins[next].meaning;
  };
  set(value);
  return extend(root, {
    get value() {
      return value;
    },
    set value(next: LabelOrigin) {
      set(next);
    }
  });
}
