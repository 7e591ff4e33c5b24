import {expect, test} from "vitest";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {inspectAnnData} from "../../src/components/core/anndata/inspect.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {problemNotices} from "../../src/components/notebook/opened-file.js";
import type {FileFacts} from "../../src/components/core/stages/file-facts.js";

async function noticesOf(name: string, folder = "anndata") {
  const reader = await openH5File(`tests/fixtures/${folder}/${name}.h5ad`);
  try {
    const inspection = await inspectAnnData(openAnnData(reader), {genes: new Set(["TP53"])});
    return {inspection, notices: problemNotices({inspection} as unknown as FileFacts)};
  } finally {
    reader.close();
  }
}

test("a file of one matrix that holds no counts is told of once, with what the matrix is, where, and the way out", async () => {
  const {inspection, notices} = await noticesOf("values-log");
  const ofMatrix = inspection.problems.find(({code}) => code === "non-integer")!;
  const told = notices.filter(({severity}) => severity === "error");
  expect(told.filter(({code}) => ["non-integer", "no-counts"].includes(code))).toEqual([
    {
      severity: "error",
      code: "no-counts",
      message: ofMatrix.message,
      place: ofMatrix.place,
      remedy: expect.stringMatching(/^Take the counts recovered from X .*Use these counts.*\.$/)
    }
  ]);
});

test("two columns that cannot be read are one notice that names both, since notices of one code replace each other", async () => {
  const {inspection, notices} = await noticesOf("obs-lengths", "users-files");
  const unreadable = inspection.problems.filter(({code}) => code === "unreadable-part");
  expect(unreadable.length).toBeGreaterThan(1);
  const told = notices.filter(({code}) => code === "unreadable-part");
  expect(told).toHaveLength(1);
  for (const {message} of unreadable) expect(told[0].message).toContain(message);
  expect(told[0].remedy).toBe("Nothing to do, unless you need it.");
});
