import type {ObsColumn} from "../core/tables/cells.js";
import {extend, h, send, uniqueId} from "../views/dom.js";
import {nameMatches} from "../views/name-matches.js";
import {noticeOf} from "../views/notice-list.js";
import type {GeneSource} from "./gene-source.js";

/** The fields of a color input: "input" tells of another `value`, "obs:NAME", "made:NAME", "gene:SYMBOL" or "". */
export type ColorFields = HTMLElement & {
  value: string;
  /** Whose genes are offered and taken; null: none, and the field is out of use. */
  complete(genes: GeneSource | null): void;
  /** Offers these ("made:NAME") beside the columns. */
  offer(made: readonly string[]): void;
};

/** Names offered while one types. */
const offered = 20;

/** A list of columns, and a field for a gene that completes what is typed; `say` hears what is wrong with it. */
export function colorFields(columns: readonly ObsColumn[], say: (words: string) => void): ColorFields {
  const listId = uniqueId("genes");
  const made = h("optgroup", {label: "Made on this page", hidden: true});
  const column = h(
    "select",
    {"aria-label": "Column to color by"},
    made,
    columns.map(({name}) => h("option", {value: `obs:${name}`}, name)),
    h("option", {value: ""}, "(nothing)"),
    h("option", {value: "gene:", hidden: true}, "(a gene)")
  );
  const gene = h("input", {
    type: "text",
    list: listId,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "symbol, then Enter",
    "aria-label": "Gene to color by"
  });
  const list = h("datalist", {id: listId});
  const root = h(
    "span",
    {class: "wb-color-fields"},
    h("label", {class: "wb-field"}, h("span", {}, "Color by"), column),
    h("label", {class: "wb-field"}, h("span", {}, "or a gene"), gene),
    list
  );
  let genes: GeneSource | null = null;
  let value = "";

  function show(next: string): void {
    value = next;
    column.value = next.startsWith("gene:") ? "gene:" : next;
    gene.value = next.startsWith("gene:") ? next.slice("gene:".length) : "";
  }

  async function names(): Promise<string[]> {
    return (
      genes?.names().catch((error: unknown) => {
        say(noticeOf(error).message);
        return [];
      }) ?? []
    );
  }

  async function offer(): Promise<void> {
    if (gene.value.trim() === "") return list.replaceChildren();
    const all = await names();
    list.replaceChildren(...nameMatches(all, gene.value, offered).map((name) => h("option", {value: name})));
  }

  async function take(): Promise<void> {
    const typed = gene.value.trim();
    if (genes === null || typed === "" || value === `gene:${typed}`) return;
    const all = await names();
    const found = all.includes(typed) ? typed : all.find((name) => name.toUpperCase() === typed.toUpperCase());
    if (found === undefined) return say(`This file has no gene called ${typed}.`);
    // Enter tells twice of what was typed: as a key, and as a change.
    const isNew = value !== `gene:${found}`;
    show(`gene:${found}`);
    if (isNew) send(root, "input");
  }

  column.addEventListener("change", () => {
    if (column.value === "gene:") return;
    show(column.value);
    send(root, "input");
  });
  gene.addEventListener("input", () => void offer());
  gene.addEventListener("change", () => void take());
  gene.addEventListener("keydown", (event) => event.key === "Enter" && void take());
  // What is typed is no choice yet.
  root.addEventListener("input", (event) => event.target !== root && event.stopImmediatePropagation());
  return extend(root, {
    get value() {
      return value;
    },
    set value(next: string) {
      show(next);
    },
    complete(next: GeneSource | null) {
      genes = next;
      gene.disabled = next === null;
    },
    offer(names: readonly string[]) {
      made.replaceChildren(...names.map((by) => h("option", {value: by}, by.slice("made:".length))));
      made.hidden = names.length === 0;
      show(value);
    }
  });
}
