import {expect, test, vi} from "vitest";
import {beforeWorker} from "./harm.js";
import {fileSite} from "./file-site.js";
import {noticesOf, shorten, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 60_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

/** For the worker: threads of a name start but never say so, as Firefox lets happen on a busy machine; whoever waits so many milliseconds for them waits one in ten. */
const forgetThreads = (name: string, patience: number) => `{
  const Real = Worker;
  globalThis.Worker = function (address, options) {
    return new Real(options?.name === "${name}" ? "data:text/javascript,onmessage%20%3D%20()%20%3D%3E%20%7B%7D" : address, options);
  };
  const later = setTimeout;
  globalThis.setTimeout = (work, ms, ...rest) => later(work, ms === ${patience} ? ms / 10 : ms, ...rest);
}
`;

/** For the page, which starts our threads: they never say anything. */
const muteThreads = `{
  const Real = Worker;
  window.started = 0;
  window.Worker = function (address, options) {
    if (options?.name !== "processor") return new Real(address, options);
    window.started += 1;
    return {postMessage() {}, addEventListener() {}, terminate() {}};
  };
}`;

async function run(script: string) {
  const {url, newPage} = site();
  const page = await newPage();
  await page.addInitScript(muteThreads);
  await shorten(page, 32);
  await beforeWorker(page, script);
  const asked: string[] = [];
  page.context().on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${url}?cells=random-8-0&backend=wasm`);
  await stageIs(page, "embed", "done");
  const runtimes = asked.filter((path) => /ort-wasm.*\.wasm$/.test(path)).length;
  const started = await page.evaluate(() => (window as unknown as {started: number}).started);
  return {started, badge: await page.textContent(".wb-badge"), notices: await noticesOf(page), runtimes};
}

test("where none of our threads starts, the worker computes by itself, and onnxruntime is not fetched", async () => {
  const {started, badge, notices, runtimes} = await run(forgetThreads("none", 5000));
  expect(started).toBeGreaterThan(0);
  expect(badge).toContain("CPU (wasm) · 1 thread");
  expect(notices).toEqual([]);
  expect(runtimes).toBe(0);
});

test("where our functions cannot run, onnxruntime takes over; a worker whose threads of that do not start is ended, and after two of them it has one thread", async () => {
  const {badge, notices, runtimes} = await run(
    `WebAssembly.compile = () => Promise.reject(new Error("refused"));\n${forgetThreads("em-pthread", 10_000)}`
  );
  expect(badge).toContain("CPU (wasm) · onnxruntime, 1 thread");
  expect(notices).toContainEqual({
    code: "fallback",
    message: expect.stringMatching(/wasm could not open the model: going on with the processor \(onnxruntime.s wasm\)/i)
  });
  expect(notices).toContainEqual({
    code: "worker-restarted",
    message: expect.stringMatching(/The worker stopped and was started again/)
  });
  expect(runtimes).toBeGreaterThan(0);
});
