import {h, setText} from "../views/dom.js";

/** Where a chapter stands: what it has to show, or why it has nothing. */
export type ChapterStanding =
  | {state: "looking"}
  | {state: "closed"}
  | {state: "running"}
  | {state: "ready"}
  | {state: "missing" | "unusable"; why: string};

/** What the buttons of a sentence do. */
export interface InsteadOptions {
  run(): void;
  demo(): void;
  /** Address of the chapter that says what can be done about a file; null on that chapter itself. */
  help: string | null;
  /** Nothing stands in the figure's place. */
  silent: boolean;
}

/** A figure, and what stands in its place. */
export interface Instead {
  readonly element: HTMLElement;
  /** The figure if `there`, else why it cannot be shown. */
  show(standing: ChapterStanding, there: boolean): void;
}

/** Puts a sentence and what mends it in the place of a figure that cannot be shown. */
export function insteadOf(figure: HTMLElement, {run, demo, help, silent}: InsteadOptions): Instead {
  const words = h("span");
  const runButton = h("button", {type: "button", class: "wb-button", onclick: run}, "Run");
  const demoButton = h("button", {type: "button", class: "wb-button", onclick: demo}, "Use the demo");
  const helpLink = h("a", {href: help ?? ""}, "What can be done");
  const sentence = h("p", {class: "wb-small wb-instead-words"}, words, runButton, demoButton, helpLink);
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
      helpLink.hidden = standing.state !== "unusable" || help === null;
    }
  };
}
