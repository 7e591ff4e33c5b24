/** An answer of a host, after redirects; its body is still to be read. */
export interface HttpAnswer {
  status: number;
  /** Address that answered. */
  address: string;
  /** A header by its name in lower case: of the answer, else of a redirect that led to it; null if none has it. */
  header(name: string): string | null;
  /** The body's bytes as they come. Rejects where the connection drops. */
  body(): AsyncIterable<Uint8Array>;
  /** Drops the body. */
  cancel(): Promise<void>;
}

/**
 * Asks a host for `address` (GET). Follows redirects as far as they may be followed. Rejects with a WorkbookError of domain
 * "checkpoint": code "unreachable" where nobody answers, "redirected" for a redirect that may not be followed.
 */
export type HttpRequest = (
  address: string,
  headers: Record<string, string>,
  signal?: AbortSignal
) => Promise<HttpAnswer>;
