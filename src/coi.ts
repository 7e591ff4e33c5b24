// Cross-origin isolation (in which threads of wasm share memory) on a static host that cannot send headers. One file, two roles: pages
// load it as a module, which registers <site>/coi.js; that is this same file, compiled to a classic script by the build
// because not every browser takes modules there, and adds the headers to every answer.

/** Where the site's workers may fetch from, as the build says it; a module that no build compiled has none. */
declare const WORKER_POLICY: string | undefined;

interface ServiceWorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: {claim(): Promise<void>};
  addEventListener(type: "install" | "activate" | "fetch", listener: (event: ServiceWorkerEvent) => void): void;
}

interface ServiceWorkerEvent {
  readonly request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(response: Promise<Response>): void;
}

if (typeof window === "undefined") serve(globalThis as unknown as ServiceWorkerScope);
else if (isBuilt() && window.isSecureContext && "serviceWorker" in navigator) isolate();

function serve(scope: ServiceWorkerScope): void {
  scope.addEventListener("install", () => void scope.skipWaiting());
  scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
  scope.addEventListener("fetch", (event) => {
    const {request} = event;
    // Chromium throws on fetching such a request from here; the browser answers it itself.
    if (request.cache === "only-if-cached" && request.mode !== "same-origin") return;
    if (new URL(request.url).origin !== location.origin) return;
    event.respondWith(fetch(request).then((response) => isolated(response, request.destination)));
  });
}

function isolated(response: Response, destination: RequestDestination): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  // What a page reads from other hosts says nothing of the page.
  headers.set("Referrer-Policy", "no-referrer");
  // A worker has the policy of its own answer, not that of the page.
  if (destination === "worker" && typeof WORKER_POLICY === "string")
    headers.set("Content-Security-Policy", WORKER_POLICY);
  const empty = [101, 204, 205, 304].includes(response.status);
  return new Response(empty ? null : response.body, {
    status: response.status,
    statusText: response.statusText,
    headers
  });
}

/** The built module's name holds a hash; in preview, where a lingering service worker would only confuse, it does not. */
function isBuilt(): boolean {
  return /\.[0-9a-f]{8}\.js$/.test(new URL(import.meta.url).pathname);
}

function isolate(): void {
  const tried = "workbook-isolation-tried";
  if (window.crossOriginIsolated) return sessionStorage.removeItem(tried);
  const {serviceWorker} = navigator;
  const reloadOnce = () => {
    if (sessionStorage.getItem(tried) !== null) return;
    sessionStorage.setItem(tried, "yes");
    location.reload();
  };
  serviceWorker.addEventListener("controllerchange", reloadOnce);
  // This module is <site>/_import/coi.HASH.js. A service worker rules its own folder, so it must be <site>/coi.js.
  serviceWorker.register(new URL("../coi.js", import.meta.url)).then(
    ({active}) => {
      if (active !== null) reloadOnce();
    },
    (error: unknown) =>
      console.warn(`Threads share no memory here: the service worker for isolation failed (${String(error)})`)
  );
}
