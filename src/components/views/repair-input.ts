import type {RepairReport} from "../core/cells/repair-report.js";
import {
  certainRepairs,
  parseRepairs,
  readRepairs,
  repairKinds,
  repairWords,
  type RepairKind
} from "../core/repair-kinds.js";
import {extend, h} from "./dom.js";
import {formatInteger} from "./format.js";

/** What the control begins with. */
export interface RepairInputOptions {
  /** The list that is taken (`PipelineParameters.repair`); the certain repairs unless told. */
  value?: readonly string[];
}

/**
 * A control, as `view` takes it: `value` is a list for `PipelineParameters.repair`, "input" tells of a change. Setting `value`
 * tells nobody; `bound` from address-input.ts ties it to the page's address with `parseRepairs` and `formatRepairs`.
 */
export type RepairInput = HTMLFieldSetElement & {value: readonly string[]};

/** Most names that can be settled one by one. */
const mostSettled = 20;

/**
 * The control "Repair gene names": a box for each kind of repair that a file's names want (`report`: `inspection.genes.repair`),
 * with its number of names, their share of the counts and the first of them; and for each name that may stand for several symbols
 * a choice among them. Kinds and settled names of the value that the file does not ask for stay in it.
 */
export function repairInput(
  report: RepairReport,
  {value: initial = certainRepairs}: RepairInputOptions = {}
): RepairInput {
  const found = repairKinds.filter((kind) => report.kinds.some((summary) => summary.kind === kind));
  const needs = (kind: RepairKind) => new Set(report.kinds.flatMap((each) => (each.kind === kind ? each.needs : [])));
  const offered = repairKinds.filter((kind) => found.some((each) => each === kind || needs(each).has(kind)));
  const boxes = new Map(offered.map((kind) => [kind, h("input", {type: "checkbox"})]));
  const settled = new Map(report.settled.examples.map(({from, to}) => [from, [to]]));
  for (const {name, symbols} of report.unclear.examples.slice(0, mostSettled)) settled.set(name, symbols);
  const choices = new Map(
    [...settled].map(([name, symbols]) => [
      name,
      h(
        "select",
        {},
        choice("", "as it is"),
        symbols.map((s) => choice(s))
      )
    ])
  );
  let value: readonly string[] = initial;

  const show = (): void => {
    const {kinds, settled: given} = readRepairs(value);
    for (const [kind, box] of boxes) box.checked = kinds.has(kind);
    for (const [name, select] of choices) {
      const symbol = given.get(name) ?? "";
      if (symbol !== "" && ![...select.options].some((option) => option.value === symbol))
        select.append(choice(symbol));
      select.value = symbol;
    }
  };
  const take = (): void => {
    const {kinds, settled: given} = readRepairs(value);
    const wanted = new Set(kinds);
    for (const [kind, box] of boxes) box.checked ? wanted.add(kind) : wanted.delete(kind);
    const pairs = new Map(given);
    for (const [name, select] of choices) select.value === "" ? pairs.delete(name) : pairs.set(name, select.value);
    value = listOf(wanted, pairs);
  };

  const rows = [
    ...[...boxes].map(([kind, box]) => h("label", {class: "wb-field"}, box, wordsOf(kind, report))),
    ...[...choices].map(([name, select]) => h("label", {class: "wb-field"}, `${name} is`, select))
  ];
  const element = h(
    "fieldset",
    {},
    h("legend", {}, "Repair gene names"),
    rows.length === 0
      ? h("p", {}, "No name of this file would match more of the model's genes if it were repaired.")
      : null,
    ...rows.map((row) => h("div", {class: "wb-fields"}, row))
  );
  // The boxes' own "input" events bubble: they come when the value is already the new one.
  element.addEventListener("input", take, {capture: true});
  show();
  return extend(element, {
    get value() {
      return value;
    },
    set value(list: readonly string[]) {
      value = list;
      show();
    }
  });
}

const choice = (value: string, text = value): HTMLOptionElement => h("option", {value}, text);

/** "7 names known as previous or alias symbol, 7.6 % of the counts: SEPT6 → SEPTIN6, ..." */
function wordsOf(kind: RepairKind, {kinds}: RepairReport): string {
  const list = kinds.filter((summary) => summary.kind === kind);
  const names = list.reduce((sum, summary) => sum + summary.names, 0);
  if (names === 0) return `names ${repairWords[kind]}, where another repair needs it`;
  const shares = list.map(({countShare}) => countShare);
  const share = shares.includes(null) ? null : (shares as number[]).reduce((a, b) => a + b, 0);
  const shown = list.flatMap(({examples}) => examples).slice(0, 3);
  const pairs = shown.map(({from, to}) => `${from.trim()} → ${to}`).join(", ");
  return (
    `${formatInteger(names)} ${names === 1 ? "name" : "names"} ${repairWords[kind]}` +
    `${share === null ? "" : `, ${(100 * share).toFixed(1)} % of the counts`}: ${pairs}${names > shown.length ? ", ..." : ""}`
  );
}

/** The canonical list of kinds and settled names. */
function listOf(kinds: ReadonlySet<RepairKind>, settled: ReadonlyMap<string, string>): string[] {
  const pairs = [...settled].map(([name, symbol]) => `${name}=${symbol}`);
  const canonical = pairs.length === 0 ? [] : parseRepairs(pairs.join(",")).filter((word) => word.includes("="));
  return [...repairKinds.filter((kind) => kinds.has(kind)), ...canonical];
}
