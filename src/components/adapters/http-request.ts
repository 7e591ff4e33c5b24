import {WorkbookError} from "../core/errors.js";
import type {ErrorDomain} from "../core/errors.js";
import type {HttpAnswer, HttpRequest} from "../core/remote/http-request.js";
import {mayRedirect} from "../core/remote/may-redirect.js";

/** Whom a request may end up with. */
export interface RedirectPolicy {
  /** Hosts ("cdn.example.org") that a redirect may lead to, beside the one that was asked. */
  hosts?: readonly string[];
  /** Redirects that are followed for one request. */
  most?: number;
  /** Domain of what is thrown: "checkpoint" unless told. */
  domain?: ErrorDomain;
}

/**
 * Requests by `fetch`, without credentials or referrer. A redirect is followed within the host that was asked, within Hugging Face, and to
 * the hosts of `policy`; in Node no other host is ever called, in a browser (which hides where a redirect leads) its answer is
 * dropped unread.
 */
export function fetchRequest({hosts = [], most = 5, domain = "checkpoint"}: RedirectPolicy = {}): HttpRequest {
  const allowed = (from: URL, to: URL): boolean => mayRedirect(from, to, hosts);

  return async (address, headers, signal) => {
    const start = new URL(address);
    const controller = new AbortController();
    const stop = () => controller.abort(signal?.reason);
    if (signal?.aborted) throw signal.reason;
    signal?.addEventListener("abort", stop, {once: true});
    const ask = (at: URL, redirect: RequestRedirect): Promise<Response> =>
      fetch(at, {
        headers,
        redirect,
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: controller.signal
      }).catch((cause: unknown) => {
        if (signal?.aborted) throw signal.reason;
        throw unreachable(domain, at, cause);
      });
    const ended = () => signal?.removeEventListener("abort", stop);
    try {
      const {response, at, passed} = await followed(start, ask);
      return answerOf(response, at, passed, {controller, ended});
    } catch (error) {
      controller.abort();
      ended();
      throw error;
    }
  };

  /** The answer behind all redirects that are allowed, where it came from, and the headers of those before it. */
  async function followed(
    start: URL,
    ask: (at: URL, redirect: RequestRedirect) => Promise<Response>
  ): Promise<{response: Response; at: URL; passed: Headers[]}> {
    const passed: Headers[] = [];
    let at = start;
    let response = await ask(at, "manual");
    for (let step = 0; response.status >= 300 && response.status < 400; ++step) {
      const next = new URL(response.headers.get("location") ?? at, at);
      await response.body?.cancel();
      if (!allowed(start, next)) throw redirected(domain, start, next);
      if (step >= most) throw circle(domain, start, most);
      passed.push(response.headers);
      response = await ask((at = next), "manual");
    }
    if (response.type === "opaqueredirect") {
      response = await ask(at, "follow");
      at = new URL(response.url);
      if (!allowed(start, at)) throw redirected(domain, start, at);
    }
    return {response, at, passed};
  }
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

function unreachable(domain: ErrorDomain, at: URL, cause: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain,
      code: "unreachable",
      fault: `${at.host} does not answer (${wordsOf(cause)})`,
      remedy: "check the address and the connection, and run the same again"
    },
    {cause}
  );
}

function redirected(domain: ErrorDomain, from: URL, to: URL): WorkbookError {
  return new WorkbookError({
    domain,
    code: "redirected",
    fault: `${from.host} hands the file ${from.pathname} over to another host, ${to.host}${to.protocol === "http:" && from.protocol === "https:" ? ", without encryption" : ""}`,
    remedy:
      domain === "file"
        ? `if you trust ${to.host}, give the file's address there`
        : `if you trust it, allow the host ${to.host}`
  });
}

function circle(domain: ErrorDomain, from: URL, most: number): WorkbookError {
  return new WorkbookError({
    domain,
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
