// Observable Inputs has no types of its own: the part that the workbook uses, as the package's README tells it. Framework
// resolves "npm:@observablehq/inputs" to its own copy, with the stylesheet; Node and tests take the package.

declare module "@observablehq/inputs" {
  /** An element with a value, which it tells of by "input" events: what `view` takes. */
  export type Input<T> = HTMLElement & {value: T};

  /** What every input takes. */
  export interface Common {
    /** Words before the control, tied to it. */
    label?: string | Node;
    /** Width of the control in pixels, or as CSS. */
    width?: number | string;
  }

  export interface RangeOptions extends Common {
    value?: number;
    step?: number;
    /** Words for a number in the number field. */
    format?: (value: number) => string;
    /** Scale of the slider, for example Math.log. */
    transform?: (value: number) => number;
    invert?: (value: number) => number;
    placeholder?: string;
    disabled?: boolean;
    /** Whether a field's content is to be taken; its own validity unless told. */
    validate?: (input: HTMLInputElement) => boolean;
  }

  export interface TextOptions extends Common {
    value?: string;
    type?: string;
    placeholder?: string;
    pattern?: string;
    spellcheck?: boolean | string;
    autocomplete?: boolean | string;
    minlength?: number;
    maxlength?: number;
    required?: boolean;
    datalist?: Iterable<string>;
    readonly?: boolean;
    disabled?: boolean;
    /** true, or the button's words: the value changes when the form is sent. */
    submit?: boolean | string;
    validate?: (input: HTMLInputElement) => boolean;
  }

  export interface ChoiceOptions<T, V = T> extends Common {
    value?: V;
    /** Words for one of the data. */
    format?: (datum: T, index: number, data: Iterable<T>) => string | Node;
    /** Key of one of the data, for words and for `value`. */
    keyof?: (datum: T, index: number, data: Iterable<T>) => string;
    /** What is chosen when one of the data is. */
    valueof?: (datum: T, index: number, data: Iterable<T>) => V;
    sort?: boolean | "ascending" | "descending" | ((a: T, b: T) => number);
    unique?: boolean;
    disabled?: boolean | Iterable<V>;
  }

  export interface SelectOptions<T, V = T> extends ChoiceOptions<T, V> {
    /** Number of rows of the list; one, opened by a click, unless told. */
    size?: number;
  }

  export interface ToggleOptions<T = boolean> extends Common {
    value?: T;
    /** The two values, of on and of off. */
    values?: [T, T];
    disabled?: boolean;
  }

  export interface ButtonOptions<T = number> extends Common {
    value?: T;
    /** From the value before the click to the value after it. */
    reduce?: (value: T) => T;
    disabled?: boolean;
    /** Whether the value is undefined until the first click. */
    required?: boolean;
  }

  export interface SearchOptions<T> extends Common {
    value?: T[];
    query?: string;
    placeholder?: string;
    columns?: string[];
    /** Words for the number of results. */
    format?: (count: number) => string;
    filter?: (query: string) => (datum: T) => boolean;
    datalist?: Iterable<string>;
    disabled?: boolean;
    required?: boolean;
    spellcheck?: boolean | string;
    autocomplete?: boolean | string;
  }

  export interface TableOptions<T> {
    columns?: string[];
    header?: Record<string, string | Node>;
    format?: Record<string, (value: never, index: number, data: Iterable<T>) => string | Node>;
    align?: Record<string, "left" | "right" | "center">;
    width?: number | string | Record<string, number | string>;
    maxWidth?: number | string;
    height?: number | string;
    maxHeight?: number | string;
    /** Rows shown at a time. */
    rows?: number;
    sort?: string;
    reverse?: boolean;
    /** Whether rows can be chosen. */
    select?: boolean;
    multiple?: boolean;
    required?: boolean;
    value?: T | T[] | null;
    layout?: "fixed" | "auto";
    locale?: string;
  }

  export function range(extent: [number, number], options?: RangeOptions): Input<number>;
  export function number(extent: [number, number], options?: RangeOptions): Input<number | undefined>;
  export function number(options?: RangeOptions): Input<number | undefined>;
  export function text(options?: TextOptions): Input<string>;
  export function textarea(
    options?: TextOptions & {rows?: number; resize?: boolean; monospace?: boolean}
  ): Input<string>;
  export function select<T, V = T>(data: Iterable<T>, options?: SelectOptions<T, V>): Input<V>;
  export function radio<T, V = T>(data: Iterable<T>, options?: ChoiceOptions<T, V>): Input<V>;
  export function checkbox<T, V = T>(
    data: Iterable<T>,
    options?: Omit<ChoiceOptions<T, V>, "value"> & {value?: V[]}
  ): Input<V[]>;
  export function toggle<T = boolean>(options?: ToggleOptions<T>): Input<T>;
  export function button<T = number>(content: string | Node, options?: ButtonOptions<T>): Input<T>;
  export function button<T>(
    content: Iterable<[string | Node, ((value: T) => T)?]>,
    options?: ButtonOptions<T>
  ): Input<T>;
  export function search<T>(data: Iterable<T>, options?: SearchOptions<T>): Input<T[]>;
  export function file(
    options?: Common & {accept?: string; multiple?: boolean; required?: boolean; disabled?: boolean}
  ): Input<File>;
  export function table<T>(data: Iterable<T> | Promise<Iterable<T>>, options?: TableOptions<T>): Input<T[]>;
  export function form<T extends Record<string, Element>>(
    inputs: T,
    options?: {template?: (inputs: T) => HTMLElement}
  ): Input<{[K in keyof T]: T[K] extends {value: infer V} ? V : never}>;
  /** Keeps `target` and `source` equal in both directions, until `invalidation` or until the target leaves the page. */
  export function bind<T extends EventTarget>(
    target: T,
    source: EventTarget & {value?: unknown},
    invalidation?: Promise<unknown>
  ): T;
  /** A value without an element, for `bind`. */
  export function input<T>(value?: T): EventTarget & {value: T};
}

declare module "npm:@observablehq/inputs" {
  export * from "@observablehq/inputs";
}
