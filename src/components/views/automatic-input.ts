import {extend, h, setText} from "./dom.js";

/** How an input says that nothing was chosen. */
export interface AutomaticOptions {
  /** What is used unless a number is chosen; the input shows it. */
  value: number;
  /** Says of what it is ("for 260 cells"). */
  words: string;
}

/** The input; `tell` says what the program chooses from now on: nothing that was chosen, and no value, changes. */
export type AutomaticInput = HTMLElement & {
  value: number | null;
  tell(options: AutomaticOptions): void;
};

/**
 * An input of numbers whose number is chosen by the program until a person chooses one: its value is null so long, and the inner input
 * shows what is used, with a word that it is automatic. A button goes back to that. "input" tells of each change.
 */
export function automaticInput(inner: HTMLElement & {value: number}, usual: AutomaticOptions): AutomaticInput {
  let {value: automatic, words} = usual;
  const note = h("span", {});
  const back = h("button", {type: "button", class: "wb-link"}, "Back to automatic");
  const root = h("div", {}, inner, h("p", {class: "wb-small wb-automatic-note"}, note, " ", back));
  let chosen: number | null = null;
  const show = (next: number | null): void => {
    chosen = next;
    if (inner.value !== (next ?? automatic)) inner.value = next ?? automatic;
    setText(note, next === null ? `Automatic: ${automatic}, ${words}.` : `Chosen. Automatic would be ${automatic}.`);
    // Hidden, not taken away: the line keeps its height.
    back.style.visibility = next === null ? "hidden" : "visible";
  };
  inner.addEventListener("input", () => show(inner.value));
  back.addEventListener("click", () => {
    show(null);
    root.dispatchEvent(new Event("input", {bubbles: true}));
  });
  show(null);
  return extend(root, {
    get value() {
      return chosen;
    },
    set value(next: number | null) {
      show(next);
    },
    tell(options: AutomaticOptions) {
      ({value: automatic, words} = options);
      show(chosen);
    }
  });
}
