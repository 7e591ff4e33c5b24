import {expect, test} from "vitest";
import {fromPlainJson, toPlainJson} from "../../../src/components/core/session/plain-json.js";
import {keptArguments} from "../../../src/components/core/session/kept-arguments.js";
import {isSessionFile, readSession} from "../../../src/components/core/session/read-session.js";
import {sessionAnswer, SessionHost} from "../../../src/components/core/session/session-host.js";
import type {Session} from "../../../src/components/core/session/session.js";
import {sessionKey, writeSession} from "../../../src/components/core/session/write-session.js";
import type {FileFacts} from "../../../src/components/core/stages/file-facts.js";
import {AnswerRunner} from "../../../src/components/core/stages/answer-runner.js";
import {StageScheduler} from "../../../src/components/core/stages/scheduler.js";
import {embed, load, normalize, sample, umap, type OpenFile} from "../../../src/components/core/stages/stage.js";
import {tableFromBytes, tableToFileBytes} from "../../../src/components/core/tables/file.js";
import type {Provenance} from "../../../src/components/core/tables/provenance.js";
import {readUmap, umapTable} from "../../../src/components/core/tables/umap.js";

const rows = Int32Array.of(0, 1, 2);
const cellIds = ["a", "b", "c"];
const provenance: Provenance = {
  format: 1,
  stage: "umap",
  software: {name: "test", version: "1"},
  source: {name: "x.h5ad", bytes: 9, identity: "9-ab"},
  parameters: {seed: 7}
};
const facts = {
  name: "x.h5ad",
  bytes: 9,
  identity: "9-ab",
  inspection: {nObs: 3, matrix: {name: "X"}, problems: []} as unknown as FileFacts["inspection"],
  cellIds,
  obs: [
    {name: "kind", kind: "categorical", codes: Int32Array.of(0, -1, 1), categories: ["p", "q"]},
    {name: "n", kind: "number", values: Float64Array.of(1, 0.1, 2)}
  ],
  maps: [{name: "X_umap", positions: Float32Array.of(1, 2, 3, 4, 5, NaN)}]
} satisfies FileFacts;

/** A chain of stages of a file whose runner has a session's tables. */
function chainOf(session: Session) {
  const runner = new StageScheduler(new SessionHost(session, {attended: false}));
  const file: OpenFile = {...session.file, runner, answers: new AnswerRunner(() => Promise.reject(new Error("none")))};
  const counts = load(file);
  const embeddings = embed(sample(normalize(counts)));
  return {counts, embeddings, map: umap(embeddings, {seed: 7}), other: umap(embeddings, {seed: 8})};
}

const empty: Session = {
  software: {name: "test", version: "1"},
  page: {path: "/", query: "?seed=7&color=obs%3Akind"},
  file: facts,
  model: {name: "m", hash: "h"},
  stages: [],
  selected: Int32Array.of(1, 2),
  selections: [{name: "B cells", color: 3, rows: Int32Array.of(0, 2)}],
  answers: []
};
const {map} = chainOf(empty);
const positions = Float32Array.of(1, 2, 3, 4, 5, 6);
const session: Session = {
  ...empty,
  stages: [
    {name: "embed", address: map.parent!.address, table: null},
    {name: "umap", address: map.address, table: umapTable({rows, cellIds, positions}, provenance)}
  ],
  answers: [{address: map.address, name: "componentMap", args: {rows}, answer: {positions, score: NaN}}]
};

test("plain data come back exactly: typed arrays, and numbers that JSON lacks", () => {
  const data = {a: Float32Array.of(0.1, NaN), b: [Infinity, -0, 1], c: {d: null, e: Int32Array.of(-5)}, f: "x"};
  expect(fromPlainJson(toPlainJson(data))).toEqual(data);
  expect(toPlainJson({a: undefined})).toBe("{}");
});

test("a session opens as it was saved: file, columns, map, selection, answers", async () => {
  const bytes = await writeSession(session);
  expect(isSessionFile("a", bytes) && isSessionFile("b.UCE-session", new Uint8Array(3))).toBe(true);
  expect(isSessionFile("a.h5ad", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a))).toBe(false);
  const read = await readSession(bytes, "s.uce-session");
  expect(read.file).toEqual(facts);
  expect({...read, file: 0, stages: 0}).toEqual({...session, file: 0, stages: 0});
  expect(read.stages.map(({address}) => address)).toEqual(session.stages.map(({address}) => address));
  const {map: restored} = chainOf(read);
  expect(readUmap(await restored.table())).toEqual(readUmap(session.stages[1].table!));
  expect(sessionAnswer(read.answers, {address: map.address, name: "componentMap", args: {rows}})).toEqual({
    positions,
    score: NaN
  });
  expect(
    sessionAnswer(read.answers, {address: map.address, name: "componentMap", args: {rows: Int32Array.of(0)}})
  ).toBeUndefined();
});

test("labels are kept by their reference's hash, without its files, and found again", () => {
  const files = {"vectors.bin": new Uint8Array(9)};
  const asked = {reference: "ab12", by: null, neighbors: 15};
  expect(keptArguments({...asked, files})).toEqual(asked);
  const kept = {address: map.address, name: "label", args: keptArguments({...asked, files}), answer: "labels"};
  const answerTo = (args: unknown) => sessionAnswer([kept], {address: map.address, name: "label", args});
  expect(answerTo({...asked, files})).toBe("labels");
  expect(answerTo({...asked, reference: "cd34", files})).toBeUndefined();
  // What is no reference is compared whole.
  expect(keptArguments({files: 3})).toEqual({files: 3});
});

test("a session of before there were named selections opens without any; what is no selection is refused", async () => {
  const without = {...session, selections: undefined} as unknown as Session;
  expect((await readSession(await writeSession(without), "s")).selections).toEqual([]);
  const odd = {...session, selections: [{name: "a"}]} as unknown as Session;
  await expect(readSession(await writeSession(odd), "s")).rejects.toMatchObject({details: {code: "damaged-session"}});
});

test("what a session has no table of says which file it needs, and the rest stays", async () => {
  const {embeddings, map, other} = chainOf(session);
  const needed = (what: string) => ({
    details: {code: "data-needed", fault: expect.stringContaining(what), remedy: "open x.h5ad to go on"}
  });
  await expect(embeddings.table()).rejects.toMatchObject(needed("embedding needs the counts of x.h5ad"));
  await expect(other.table()).rejects.toMatchObject(needed("another map"));
  expect((await map.table()).numRows).toBe(3);
});

test("what is no session, a newer one, or damaged is refused in words", async () => {
  const bytes = await writeSession(session);
  const refused = (given: Uint8Array) =>
    readSession(given, "s").then(
      () => "opened",
      (error: {details?: {code: string}}) => error.details?.code ?? String(error)
    );
  expect(await refused(new TextEncoder().encode("{}"))).toBe("no-session");
  expect(await refused(new Uint8Array(0))).toBe("no-session");
  expect(await refused(tableToFileBytes(session.stages[1].table!))).toBe("no-session");
  expect(await refused(bytes.slice(0, bytes.length >> 1))).toBe("damaged-session");
  const newer = tableFromBytes(bytes.slice());
  newer.schema.metadata.set(sessionKey, "2");
  expect(await refused(tableToFileBytes(newer))).toBe("newer-session");
  // A bit that is turned anywhere in the content is noticed.
  const text = Buffer.from(bytes).indexOf("color=obs");
  const changed = bytes.slice();
  changed[text] ^= 1;
  expect(await refused(changed)).toBe("damaged-session");
  const parts = tableFromBytes(bytes.slice());
  expect(await refused(tableToFileBytes(parts.slice(0, 2)))).toBe("damaged-session");
});
