import {isAbort} from "../core/errors.js";
import type {StageName} from "../core/types.js";
import {h} from "../views/dom.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {batchLog} from "./batch-log.js";
import {chapter} from "./chapter.js";
import type {Session} from "./session.js";

/** The top of a page whose figures stand between its paragraphs: data, what is there of them, the run that makes the rest. */
export interface ChapterRun {
  readonly element: HTMLElement;
  /** Runs the chain up to the page's stage, or all of it `anew`. Problems are shown; never rejects. */
  run(options?: {anew?: boolean}): Promise<void>;
  /** Shows an error among the notices; one of cancelling is none. */
  report(error: unknown): void;
  /** Ends the session too. */
  dispose(): void;
}

/** The frame of chapters (`chapter`) around nothing: the demo is run by itself if nothing is stored, other files on request. */
export function chapterRun(session: Session, until: StageName): ChapterRun {
  const notices = noticeList();
  const table = until === "umap" ? "umap" : "embeddings";
  const frame = chapter(session, {until, needs: [table], content: h("div", {class: "wb-chapter-none"}), show: () => {}, eager: session.view.data === "demo"});
  const log = batchLog(session);
  const report = (error: unknown): void => {
    if (!isAbort(error)) notices.add(noticeOf(error));
  };
  return {
    element: h("div", {class: "wb-chapter-top"}, frame, notices),
    run: ({anew = false} = {}) => (session.running || session.file === null ? Promise.resolve() : session.run(until, {anew}).catch(report)),
    report,
    dispose() {
      log.stop();
      frame.dispose();
    }
  };
}
