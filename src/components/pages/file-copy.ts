import {isAbort} from "../core/errors.js";
import {keepFile, keptFile, storageUse} from "../runtime/browser/kept-files.js";
import {noticeOf} from "../views/notice-list.js";
import type {Session} from "./session.js";

/** Whether a copy of the open file is kept: "none" for the demo, without a file, and where nothing can be kept. */
export type CopyState = "none" | "possible" | "copying" | "kept";

/** The copy of a session's file in this browser; all that show it share one. */
export interface FileCopy {
  readonly state: CopyState;
  /** What came of the last attempt, in words; "" before one. */
  readonly said: string;
  /** Looks again what is kept. */
  refresh(): Promise<void>;
  /** Makes the copy; never rejects. */
  keep(): Promise<void>;
  cancel(): void;
  /** Calls `changed` whenever state or words are others. */
  on(changed: () => void): void;
}

const copies = new WeakMap<Session, FileCopy>();

/**
 * Keeps a copy of the session's file in this browser, on request, so that other pages and a reload open it by themselves: pages are
 * separate documents, and a browser gives a picked file to one of them only.
 */
export function fileCopy(session: Session): FileCopy {
  const known = copies.get(session) ?? createCopy(session);
  copies.set(session, known);
  return known;
}

function createCopy(session: Session): FileCopy {
  const listeners: (() => void)[] = [];
  let state: CopyState = "none";
  let said = "";
  let copying: AbortController | null = null;

  function become(next: CopyState, words: string): void {
    if (next === state && words === said) return;
    [state, said] = [next, words];
    listeners.forEach((changed) => changed());
  }

  async function refresh(): Promise<void> {
    if (copying !== null) return;
    const {file} = session;
    const local = file !== null && session.view.data !== "demo";
    const found =
      local && (await storageUse()) !== null
        ? (await keptFile(file.identity)) === null
          ? "possible"
          : "kept"
        : "none";
    if (session.file === file && copying === null) become(found, found === state ? said : "");
  }

  async function keep(): Promise<void> {
    const {file, blob} = session;
    if (file === null || blob === null || copying !== null) return;
    const mine = (copying = new AbortController());
    become("copying", `Copying ${file.name} …`);
    let [next, words]: [CopyState, string] = [
      "kept",
      `A copy of ${file.name} is kept in this browser: the chapters and a reload open it.`
    ];
    try {
      await keepFile(file.identity, blob, {signal: mine.signal});
    } catch (error) {
      const {message, remedy} = noticeOf(error);
      [next, words] = [
        "possible",
        isAbort(error) ? "The copy was given up." : `${message}${remedy === undefined ? "" : `: ${remedy}`}.`
      ];
    }
    if (copying !== mine) return;
    copying = null;
    become(next, words);
  }

  session.on({
    file() {
      copying?.abort();
      copying = null;
      become("none", "");
      void refresh();
    }
  });
  return {
    get state() {
      return state;
    },
    get said() {
      return said;
    },
    refresh,
    keep,
    cancel: () => copying?.abort(),
    on: (changed) => void listeners.push(changed)
  };
}
