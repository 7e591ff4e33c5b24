import type {IncomingMessage, Server} from "node:http";

/** What is served in place of a file of the site. */
export interface Given {
  /** Content-Type. */
  type: string;
  body: string | Uint8Array;
  headers?: Record<string, string>;
}

/** See serve.js. */
export function serveSite(options?: {
  root?: string;
  port?: number;
  base?: string;
  coi?: boolean;
  beside?(path: string, request: IncomingMessage): Given | undefined;
}): Promise<{server: Server; url: string}>;
