import {h, setText} from "../views/dom.js";
import {formatBytes} from "../views/format.js";
import type {UnfinishedModel} from "./wanted-model.js";

/** What a canceled, failed or interrupted conversion has left (`bytes`), and what can be done with it; `order` is null where its files have to be given again. */
export function unfinishedNote(
  order: UnfinishedModel | null,
  bytes: number,
  {goOn, forget}: {goOn(order: UnfinishedModel): void; forget(): void}
): (string | HTMLElement)[] {
  const button = (words: string, act: () => void) =>
    h("button", {type: "button", class: "wb-button wb-button-small", onclick: act}, words);
  const words = h("span", {});
  const what = order === null ? "A model was not finished" : `${order.title} was not finished`;
  const how = order === null ? "Give its files again, and it goes on." : "It goes on where it was.";
  setText(words, `${what}; ${formatBytes(bytes)} of it are kept. ${how}`);
  const more = order === null ? [] : [button("Go on …", () => goOn(order))];
  return [words, " ", ...more, button("Forget it", forget)];
}
