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

async function run(script: string) {
  const {url, newPage} = site();
  const page = await newPage();
  await shorten(page, 32);
  await beforeWorker(page, script);
  const asked: string[] = [];
  page.context().on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${url}?cells=random-8-0&backend=wasm`);
  await stageIs(page, "embed", "done");
  const runtimes = asked.filter((path) => /ort-wasm.*\.wasm$/.test(path)).length;
  return {badge: await page.textContent(".wb-badge"), notices: await noticesOf(page), runtimes};
}

test("where none of our threads starts, the worker computes by itself, and onnxruntime is not fetched", async () => {
  const {badge, notices, runtimes} = await run(forgetThreads("processor", 5000));
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
