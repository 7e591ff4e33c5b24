import {sameRows} from "../cells/same-rows.js";
import {combineRows, type RowsChange} from "./combine-rows.js";
import {freeName} from "./free-name.js";
import {
  longestName,
  mostUndone,
  type NamedSelection,
  selectionColors,
  type SelectionsMoment,
  type SelectionsState
} from "./selections.js";

/** What a person, or a page, does with the selections of a file. Names that are no selection's change nothing. */
export type SelectionsAction =
  /** Selects other rows (ascending; null or none: nothing is selected). */
  | {type: "select"; rows: Int32Array | null}
  /** Combines what is selected with rows; without a selection "or" takes the rows, "and" and "not" leave none. */
  | {type: "combine"; rows: Int32Array; change: RowsChange}
  /** Selects those of `all` (ascending) that are not selected. */
  | {type: "invert"; all: Int32Array}
  /** Names what is selected; a name that is taken gets a number. The color is the first that is free unless told. */
  | {type: "save"; name: string; color?: number}
  /** Gives a named selection the rows that are selected now. */
  | {type: "replace"; name: string}
  | {type: "rename"; name: string; to: string}
  | {type: "recolor"; name: string; color: number}
  | {type: "remove"; name: string}
  | {type: "undo"}
  | {type: "redo"}
  /** Another file, or what a link or a session brings: nothing of before can be brought back. */
  | ({type: "open"} & SelectionsMoment);

/** The selections after an action: the same object where it changes nothing. What was before can be undone, `mostUndone` times. */
export function changeSelections(state: SelectionsState, action: SelectionsAction): SelectionsState {
  if (action.type === "open") return {current: some(action.current), saved: action.saved, past: [], future: []};
  if (action.type === "undo") return turn(state, "past");
  if (action.type === "redo") return turn(state, "future");
  const next = momentAfter(state, action);
  if (sameRows(next.current, state.current) && next.saved === state.saved) return state;
  const past = [...state.past, {current: state.current, saved: state.saved}].slice(-mostUndone);
  return {...next, past, future: []};
}

type Change = Exclude<SelectionsAction, {type: "undo" | "redo" | "open"}>;

function momentAfter({current, saved}: SelectionsMoment, action: Change): SelectionsMoment {
  switch (action.type) {
    case "select":
      return {current: some(action.rows), saved};
    case "combine":
      return {current: some(combineRows(current ?? new Int32Array(0), action.rows, action.change)), saved};
    case "invert":
      return {current: some(combineRows(action.all, current ?? new Int32Array(0), "not")), saved};
    case "save": {
      const name = plainName(action.name);
      if (current === null || name === "") return {current, saved};
      const own = {name: freeName(name, namesOf(saved)), color: action.color ?? freeColor(saved), rows: current};
      return {current, saved: [...saved, own]};
    }
    case "replace":
      return current === null ? {current, saved} : {current, saved: change(saved, action.name, {rows: current})};
    case "rename": {
      const others = namesOf(saved).filter((name) => name !== action.name);
      const to = plainName(action.to);
      return {current, saved: to === "" ? saved : change(saved, action.name, {name: freeName(to, others)})};
    }
    case "recolor":
      return {current, saved: change(saved, action.name, {color: action.color})};
    case "remove":
      return {current, saved: has(saved, action.name) ? saved.filter(({name}) => name !== action.name) : saved};
  }
}

/** One step back or forth: what is now goes to the other side. */
function turn(state: SelectionsState, from: "past" | "future"): SelectionsState {
  const moment = state[from].at(-1);
  if (moment === undefined) return state;
  const now: SelectionsMoment = {current: state.current, saved: state.saved};
  const left = state[from].slice(0, -1);
  return from === "past"
    ? {...moment, past: left, future: [...state.future, now]}
    : {...moment, past: [...state.past, now], future: left};
}

const some = (rows: Int32Array | null): Int32Array | null => (rows === null || rows.length === 0 ? null : rows);
const namesOf = (saved: readonly NamedSelection[]): string[] => saved.map(({name}) => name);
const has = (saved: readonly NamedSelection[], wanted: string): boolean => saved.some(({name}) => name === wanted);
const plainName = (name: string): string => name.trim().replace(/\s+/g, " ").slice(0, longestName).trim();

function change(
  saved: readonly NamedSelection[],
  wanted: string,
  next: Partial<NamedSelection>
): readonly NamedSelection[] {
  const at = saved.findIndex(({name}) => name === wanted);
  if (at < 0) return saved;
  const changed = {...saved[at], ...next};
  const isSame =
    changed.name === saved[at].name && changed.color === saved[at].color && sameRows(changed.rows, saved[at].rows);
  return isSame ? saved : saved.with(at, changed);
}

/** The first color that no selection has, or of those that the fewest have. */
function freeColor(saved: readonly NamedSelection[]): number {
  const uses = new Array<number>(selectionColors).fill(0);
  for (const {color} of saved) if (color < uses.length) uses[color] += 1;
  return uses.indexOf(Math.min(...uses));
}
