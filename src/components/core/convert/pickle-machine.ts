import {WorkbookError} from "../errors.js";

/** A class or function that a pickle names ("torch.FloatStorage"): a name and nothing that could be called. */
export class PickleName {
  constructor(readonly name: string) {}
}

/** What a pickle may say. Every other name is refused where it stands. */
export interface PickleRules {
  /** Names that may stand as values. */
  values: ReadonlySet<string>;
  /** Makes data of what Python would call, by name; it gets the arguments, and its answer stands in the place of the call. */
  calls: ReadonlyMap<string, (args: readonly unknown[]) => unknown>;
  /** Makes data of a persistent id: the reference to a storage outside of the pickle. */
  persistent(id: unknown): unknown;
}

/** Most values that a pickle may make, marks counted, and places that it may remember them in: a checkpoint of 33 layers makes some thousands. */
const mostValues = 500_000;

/** The WorkbookError of domain "checkpoint" for the pickle of the file `name`, of which `what` is wrong. */
export function pickleFault(name: string, code: "unsafe-pickle" | "bad-pickle", what: string): WorkbookError {
  const remedy =
    code === "unsafe-pickle"
      ? "give a file that holds the weights alone: torch.save(model.state_dict(), FILE)"
      : "download the file again";
  const fault = `${name} cannot be used: its pickle ${what}`;
  return new WorkbookError({domain: "checkpoint", code, fault, place: "data.pkl", remedy});
}

/** Stack and memory of a pickle that is being read: dictionaries are Maps, lists and tuples arrays. Every fault is a WorkbookError. */
export class PickleMachine {
  private readonly stack: unknown[] = [];
  private readonly memo: unknown[] = [];
  private readonly marks: number[] = [];
  /** Values that were made so far, also those that were taken off again: what they are made into keeps them. */
  private made = 0;

  constructor(
    private readonly name: string,
    private readonly rules: PickleRules
  ) {}

  push(value: unknown): void {
    this.count();
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.bad("takes a value that is not there");
    return this.stack.pop();
  }

  /** The last `count` values as a tuple. */
  tuple(count: number): unknown[] {
    return Array.from({length: count}, () => this.pop()).reverse();
  }

  mark(): void {
    this.count();
    this.marks.push(this.stack.length);
  }

  /** The values since the last mark. */
  fromMark(): unknown[] {
    const at = this.marks.pop();
    if (at === undefined) throw this.bad("ends a list that it did not begin");
    return this.stack.splice(at);
  }

  /** Remembers the last value as number `at`, by default the next. */
  remember(at = this.memo.length): void {
    if (at > mostValues) throw this.bad("remembers more values than any checkpoint has");
    this.memo[at] = this.top();
  }

  recall(at: number): void {
    if (!(at in this.memo)) throw this.bad(`recalls value ${at}, which it did not remember`);
    this.push(this.memo[at]);
  }

  setItems(items: readonly unknown[]): void {
    const target = this.top();
    if (!(target instanceof Map) || items.length % 2 !== 0) throw this.bad("adds to a dictionary that is none");
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  }

  append(items: readonly unknown[]): void {
    const target = this.top();
    if (!Array.isArray(target)) throw this.bad("adds to a list that is none");
    for (const item of items) target.push(item);
  }

  /** Puts a name there that the rules know. */
  named(module: unknown, own: unknown): void {
    const {values, calls} = this.rules;
    // Only texts become one: a list that holds itself many times over would be a text without end.
    if (typeof module !== "string" || typeof own !== "string") throw this.bad("asks for what has no name");
    const full = `${module}.${own}`;
    if (!values.has(full) && !calls.has(full))
      throw pickleFault(
        this.name,
        "unsafe-pickle",
        `asks for ${full.slice(0, 200)}, which is no part of a tensor and is not run here`
      );
    this.push(new PickleName(full));
  }

  /** Puts what the rules make of a call there. */
  call(): void {
    const args = this.pop();
    const callee = this.pop();
    const known = callee instanceof PickleName ? this.rules.calls.get(callee.name) : undefined;
    if (known !== undefined && Array.isArray(args)) return this.push(known(args));
    const what = callee instanceof PickleName ? callee.name : "what is no function";
    throw pickleFault(this.name, "unsafe-pickle", `calls ${what}, which is not done here`);
  }

  persistent(): void {
    this.push(this.rules.persistent(this.pop()));
  }

  private count(): void {
    if (++this.made > mostValues) throw this.bad("holds more values than any checkpoint has");
  }

  private top(): unknown {
    if (this.stack.length === 0) throw this.bad("uses a value that is not there");
    return this.stack.at(-1);
  }

  private bad(what: string): WorkbookError {
    return pickleFault(this.name, "bad-pickle", what);
  }
}
