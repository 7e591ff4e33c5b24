import {isWorkbookError} from "../core/errors.js";
import {extend, h, send} from "./dom.js";

/** Something a person should know. Notices of the same `code` replace each other. */
export interface Notice {
  severity: "info" | "warning" | "error";
  /** Stable name of the notice ("no-webgpu"). */
  code: string;
  /** What happened, one sentence. */
  message: string;
  /** Place inside a file, where there is one. */
  place?: string;
  /** What to do, or what happens next. */
  remedy?: string;
}

/** A list of notices; "dismiss" (CustomEvent, detail: code) tells that one was closed. */
export type NoticeList = HTMLElement & {
  update(notices: Notice[]): void;
  /** Adds a notice, or replaces the one of its code. */
  add(notice: Notice): void;
  remove(code: string): void;
  readonly notices: readonly Notice[];
};

const words = {info: "Note", warning: "Warning", error: "Error"};

/** What an error has to say, as a notice; an error that is not a WorkbookError is called a defect of the workbook. */
export function noticeOf(error: unknown): Notice {
  if (isWorkbookError(error)) {
    const {code, fault, place, remedy} = error.details;
    return {severity: "error", code, message: fault, place, remedy};
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    severity: "error",
    code: "defect",
    message: `Something in the workbook itself failed: ${message}`,
    remedy: "reload the page and try again"
  };
}

/** How notices are shown. */
export interface NoticeListOptions {
  /** A notice that is no error takes one line, and all of it once it is opened (false). */
  folded?: boolean;
}

/** Bars for notices, each closable; errors are announced at once (alert), the others when there is time (status). */
export function noticeList(notices: Notice[] = [], {folded = false}: NoticeListOptions = {}): NoticeList {
  const list = h("div", {class: "wb-notices"});
  let shown: {notice: Notice; bar: HTMLElement}[] = [];
  const remove = (code: string): void => {
    shown = shown.filter(({notice, bar}) => notice.code !== code || (bar.remove(), false));
  };
  const add = (notice: Notice): void => {
    const known = shown.find((one) => one.notice.code === notice.code);
    if (known !== undefined && JSON.stringify(known.notice) === JSON.stringify(notice)) return;
    const bar = noticeBar(notice, folded && notice.severity !== "error", () => {
      remove(notice.code);
      send(list, "dismiss", notice.code);
    });
    if (known === undefined) {
      shown.push({notice, bar});
      list.append(bar);
    } else {
      known.bar.replaceWith(bar);
      Object.assign(known, {notice, bar});
    }
  };
  notices.forEach(add);
  return extend(list, {
    add,
    remove,
    update(next: Notice[]) {
      for (const {notice} of shown.slice()) if (next.every(({code}) => code !== notice.code)) remove(notice.code);
      next.forEach(add);
    },
    get notices() {
      return shown.map(({notice}) => notice);
    }
  });
}

function noticeBar(notice: Notice, isFolded: boolean, close: () => void): HTMLElement {
  const {severity, code, message, place, remedy} = notice;
  const text = [
    h("span", {}, sentence(message)),
    place === undefined ? null : h("span", {}, " At ", h("code", {}, place), "."),
    remedy === undefined ? null : h("span", {}, ` ${sentence(remedy)}`)
  ];
  return h(
    "div",
    {class: "wb-notice", "data-severity": severity, "data-code": code, role: severity === "error" ? "alert" : "status"},
    h("span", {class: "wb-notice-word"}, words[severity]),
    isFolded
      ? h("details", {class: "wb-notice-text"}, h("summary", {}, text))
      : h("div", {class: "wb-notice-text"}, text),
    h("button", {type: "button", class: "wb-close", "aria-label": `Dismiss: ${message}`, onclick: close}, "×")
  );
}

/** Capital at the start, full stop at the end. A name that begins the text (cells_2.h5ad, cell_type) is left as it is. */
export function sentence(text: string): string {
  const named = /^\S*[._/\\]\w/.test(text);
  const begun = named ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
