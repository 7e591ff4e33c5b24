import {expect, test, vi} from "vitest";
import {beforeWorker} from "./harm.js";
import {fileSite} from "./file-site.js";
import {noticesOf, shorten, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 120_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

/** For the worker: threads of onnxruntime start but never say so, as Firefox lets happen on a busy machine; whoever waits ten seconds for them waits one. */
const forgetThreads = `{
  const Real = Worker;
  globalThis.Worker = function (address, options) {
    return new Real(options?.name === "em-pthread" ? "data:text/javascript,onmessage%20%3D%20()%20%3D%3E%20%7B%7D" : address, options);
  };
  const later = setTimeout;
  globalThis.setTimeout = (work, ms, ...rest) => later(work, ms === 10000 ? 1000 : ms, ...rest);
}
`;

test("a worker whose threads do not start is ended, and after two of them the model runs on one thread", async () => {
  const {url, newPage} = site();
  const page = await newPage();
  await shorten(page, 32);
  await beforeWorker(page, forgetThreads);
  await page.goto(`${url}?cells=random-8-0&backend=wasm`);
  await stageIs(page, "embed", "done");
  expect(await page.textContent(".wb-badge")).toContain("CPU (wasm) · 1 thread");
  expect(await noticesOf(page)).toContainEqual({
    code: "worker-restarted",
    message: expect.stringMatching(/The worker stopped and was started again/)
  });
});
