// The platform names that the pure core may use: those that browsers, workers and Node share.
// core/tsconfig.json puts this file in the place of @types/node (which apache-arrow's types ask for), so that
// a DOM, GPU or Node name anywhere in the core is a type error. Signatures follow the WHATWG and W3C standards.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: {once?: boolean}): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: {fatal?: boolean; ignoreBOM?: boolean});
  decode(input?: ArrayBuffer | ArrayBufferView, options?: {stream?: boolean}): string;
}

declare const performance: {now(): number};

declare const crypto: {
  readonly subtle: {
    digest(algorithm: "SHA-256", data: ArrayBuffer | ArrayBufferView<ArrayBuffer>): Promise<ArrayBuffer>;
  };
};

declare function setTimeout(callback: () => void, milliseconds?: number): unknown;
interface MessagePort {
  onmessage: ((event: unknown) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}
declare class MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}

declare function clearTimeout(timer: unknown): void;

declare class URL {
  constructor(address: string | URL, base?: string | URL);
  readonly href: string;
  readonly origin: string;
  readonly host: string;
  readonly hostname: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  pathname: string;
  search: string;
  hash: string;
}

declare const AbortSignal: {any(signals: readonly AbortSignal[]): AbortSignal};

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class DOMException extends Error {
  constructor(message?: string, name?: string);
}

declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: {initial: number; maximum?: number; shared?: boolean});
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: ArrayBufferView<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports: {env: {memory: Memory}});
    readonly exports: Record<string, unknown>;
  }
  function validate(bytes: ArrayBufferView<ArrayBuffer>): boolean;
  function instantiate(
    bytes: ArrayBufferView<ArrayBuffer>,
    imports: {env: {memory: Memory}}
  ): Promise<{instance: Instance}>;
}
