/** An answer of a host that was waited for, with what came of its body. */
export interface WaitedAnswer {
  /** HTTP's status; 0 where the host did not answer. */
  status: number;
  /** Address that answered, after redirects that were followed already. */
  address: string;
  /** A header by its name in lower case; null if it is not there, or a browser hides it. */
  header(name: string): string | null;
  /** What came of the body; of a status other than 206 nothing needs to. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Why the host did not answer, or the body broke off; null where it came to its end. */
  fault: string | null;
}

/** Asks a host for bytes `start` to `end` (exclusive) of a file and waits for them, for `stall` ms without a byte at most. Never throws. */
export type WaitingRequest = (address: string, start: number, end: number, stall: number) => WaitedAnswer;
