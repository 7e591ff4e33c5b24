// What Framework resolves in the browser and TypeScript cannot: `npm:` names, and the standard library for modules.

declare module "npm:@observablehq/plot" {
  export * from "@observablehq/plot";
}

declare module "npm:d3" {
  export * from "d3";
}

declare module "npm:h5wasm" {
  export * from "h5wasm";
  export {default} from "h5wasm";
}

declare module "npm:htl" {
  export function html(strings: TemplateStringsArray, ...values: unknown[]): HTMLElement;
  export function svg(strings: TemplateStringsArray, ...values: unknown[]): SVGElement;
}

declare module "npm:umap-js" {
  export {UMAP} from "umap-js";
}

declare module "npm:@observablehq/stdlib" {
  /** A file of the site, known at build time; the name must be a literal. */
  export interface FileAttachmentFile {
    readonly name: string;
    readonly mimeType: string;
    readonly size?: number;
    readonly lastModified?: number;
    /** Absolute address of the file. */
    readonly href: string;
    url(): Promise<string>;
    blob(): Promise<Blob>;
    arrayBuffer(): Promise<ArrayBuffer>;
    text(encoding?: string): Promise<string>;
    json(): Promise<unknown>;
    stream(): Promise<ReadableStream<Uint8Array>>;
  }
  export function FileAttachment(name: string): FileAttachmentFile;
  export function Mutable<T>(value?: T): {value: T};
  export function resize(render: (width: number, height: number) => Node): HTMLElement;
  export const Generators: {
    observe<T>(initialize: (change: (value: T) => void) => (() => void) | void): AsyncGenerator<T>;
    input<T>(element: Element & {value?: T}): AsyncGenerator<T>;
    width(element: Element): AsyncGenerator<number>;
    dark(): AsyncGenerator<boolean>;
    now(): Generator<number>;
  };
}
