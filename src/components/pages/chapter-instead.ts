import {h, setText} from "../views/dom.js";

/** Where a chapter stands: what it has to show, or why it has nothing. */
export type ChapterStanding =
  | {state: "looking"}
  | {state: "closed"}
  | {state: "running"}
  | {state: "ready"}
  | {state: "missing" | "unusable"; why: string};

/** A figure, and what stands in its place. */
export interface Instead {
  readonly element: HTMLElement;
  /** The figure if `there`, else why it cannot be shown. */
  show(standing: ChapterStanding, there: boolean): void;
}

/** Puts a sentence and a button in the place of a figure that cannot be shown yet; nothing if `silent`. */
export function insteadOf(figure: HTMLElement, {run, demo, silent}: {run(): void; demo(): void; silent: boolean}): Instead {
  const words = h("span");
  const runButton = h("button", {type: "button", class: "wb-button", onclick: run}, "Run");
  const demoButton = h("button", {type: "button", class: "wb-button", onclick: demo}, "Use the demo");
  const sentence = h("p", {class: "wb-small wb-instead-words"}, words, runButton, demoButton);
  const element = h("div", {class: "wb-instead", tabindex: -1}, figure, silent ? null : sentence);
  return {
    element,
    show(standing, there) {
      // The button that was pressed goes; whoever pressed it by key stays here.
      const pressed = there && sentence.contains(document.activeElement);
      element.dataset["there"] = String(there);
      if (pressed) element.focus({preventScroll: true});
      setText(words, standing.state === "closed" ? "No file is open." : "why" in standing ? standing.why : "");
      runButton.hidden = standing.state !== "missing";
      demoButton.hidden = standing.state !== "closed";
    }
  };
}
