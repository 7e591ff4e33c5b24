import {WorkbookError} from "../core/errors.js";
import type {HttpAnswer, HttpRequest} from "../core/convert/http-request.js";

/** Whom a request may end up with. */
export interface RedirectPolicy {
  /** Hosts ("cdn.example.org") that a redirect may lead to, beside the one that was asked. */
  hosts?: readonly string[];
  /** Redirects that are followed for one request. */
  most?: number;
}

/** Hugging Face hands its large files over to hosts below these, so a redirect from one to another is its own. */
const huggingFace = /(^|\.)(huggingface\.co|hf\.co)$/;

/**
 * Requests by `fetch`, without credentials. A redirect is followed within the host that was asked, within Hugging Face, and to
 * the hosts of `policy`; in Node no other host is ever called, in a browser (which hides where a redirect leads) its answer is
 * dropped unread.
 */
export function fetchRequest({hosts = [], most = 5}: RedirectPolicy = {}): HttpRequest {
  const allowed = (from: URL, to: URL): boolean =>
    (to.protocol === "https:" || to.protocol === from.protocol) &&
    (to.host === from.host ||
      hosts.includes(to.host) ||
      hosts.includes(to.hostname) ||
      (huggingFace.test(from.hostname) && huggingFace.test(to.hostname)));

  return async (address, headers, signal) => {
    const start = new URL(address);
    const controller = new AbortController();
    const stop = () => controller.abort(signal?.reason);
    if (signal?.aborted) throw signal.reason;
    signal?.addEventListener("abort", stop, {once: true});
    const ask = (at: URL, redirect: RequestRedirect): Promise<Response> =>
      fetch(at, {headers, redirect, credentials: "omit", signal: controller.signal}).catch((cause: unknown) => {
        if (signal?.aborted) throw signal.reason;
        throw unreachable(at, cause);
      });
    const passed: Headers[] = [];
    let at = start;
    let response = await ask(at, "manual");
    for (let step = 0; response.status >= 300 && response.status < 400; ++step) {
      const next = new URL(response.headers.get("location") ?? at, at);
      await response.body?.cancel();
      if (!allowed(start, next)) throw redirected(start, next);
      if (step >= most) throw circle(start, most);
      passed.push(response.headers);
      response = await ask((at = next), "manual");
    }
    if (response.type === "opaqueredirect") {
      response = await ask(at, "follow");
      at = new URL(response.url);
      if (!allowed(start, at)) {
        controller.abort();
        throw redirected(start, at);
      }
    }
    return answerOf(response, at, passed, {controller, ended: () => signal?.removeEventListener("abort", stop)});
  };
}

function answerOf(
  response: Response,
  at: URL,
  passed: readonly Headers[],
  {controller, ended}: {controller: AbortController; ended: () => void}
): HttpAnswer {
  return {
    status: response.status,
    address: at.href,
    header: (name) => [response.headers, ...passed].map((headers) => headers.get(name)).find((v) => v !== null) ?? null,
    async *body() {
      const reader = response.body?.getReader();
      try {
        for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read()) {
          yield next.value;
        }
      } finally {
        ended();
      }
    },
    async cancel() {
      ended();
      controller.abort();
    }
  };
}

function unreachable(at: URL, cause: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "checkpoint",
      code: "unreachable",
      fault: `${at.host} does not answer (${wordsOf(cause)})`,
      remedy: "check the address and the connection, and run the same again"
    },
    {cause}
  );
}

function redirected(from: URL, to: URL): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "redirected",
    fault: `${from.host} hands the file ${from.pathname} over to another host, ${to.host}${to.protocol === "http:" && from.protocol === "https:" ? ", without encryption" : ""}`,
    remedy: `if you trust it, allow the host ${to.host}`
  });
}

function circle(from: URL, most: number): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "redirected",
    fault: `${from.href} is handed on more than ${most} times`,
    remedy: "check the address"
  });
}

function wordsOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = (inner as {code?: unknown}).code;
  return typeof code === "string" ? code : inner instanceof Error ? inner.message : String(inner);
}
