import {afterEach, beforeAll, describe, expect, test} from "vitest";
import {fetchRequest} from "../../src/components/adapters/http-request.js";
import {convertSource} from "../../src/components/core/convert/convert-source.js";
import {remoteSource} from "../../src/components/core/convert/remote-source.js";
import type {Patience} from "../../src/components/core/remote/retry.js";
import {WorkbookError} from "../../src/components/core/errors.js";
import {memoryStore} from "../../src/components/core/store/object-store.js";
import type {ObjectStore} from "../../src/components/core/store/object-store.js";
import {fixtureConfig, fixtureTensors, memoryBundle, reference, toSafetensors} from "../core/convert/fixture.js";
import type {TestTensor} from "../core/convert/fixture.js";
import {serveCheckpoint} from "./checkpoint-server.js";
import type {CheckpointServer} from "./checkpoint-server.js";
import {checkpointKinds, elsewhere, hostKinds, otherKinds} from "./hostile-kinds.js";
import type {Kind} from "./hostile-kinds.js";

const quick: Patience = {attempts: 3, first: 1, longest: 1, stall: 60, wait: async () => {}};

let tensors: Map<string, TestTensor>;
let server: CheckpointServer | undefined;
let other: CheckpointServer | undefined;
beforeAll(async () => (tensors = await fixtureTensors()));
afterEach(async () => {
  await server?.close();
  await other?.close();
  other = undefined;
});

async function run(kind: Kind, unfinished: ObjectStore): Promise<Map<string, Uint8Array>> {
  const changed = new Map(tensors);
  kind.tensors?.(changed);
  const files = new Map([
    ["config.json", new TextEncoder().encode(JSON.stringify(fixtureConfig)) as Uint8Array],
    ["model.safetensors", toSafetensors(changed) as Uint8Array]
  ]);
  kind.files?.(files);
  other ??= await serveCheckpoint(files);
  elsewhere.address = other.address;
  server = await serveCheckpoint(files, (asked) =>
    asked.path === "model.safetensors" && asked.before >= (kind.after ?? 0) ? kind.host?.(asked) : false
  );
  const bundle = memoryBundle();
  const source = remoteSource(server.address, {request: fetchRequest(), patience: quick});
  const options = {
    sentence: reference.sentence,
    species: [{name: "made up", genes: reference.genes}],
    unfinished,
    ...kind.options
  };
  const converting = convertSource(source, {...bundle, ...kind.bundle}, options);
  const error: unknown = await converting.then(
    () => "nothing is refused",
    (fault: unknown) => fault
  );
  expect(error).toBeInstanceOf(WorkbookError);
  expect((error as WorkbookError).code).toBe(kind.code);
  expect((error as WorkbookError).message).toMatch(kind.says);
  return bundle.files;
}

describe("refused by name, with nothing half-written", () => {
  const kinds = [...checkpointKinds, ...hostKinds, ...otherKinds];

  test("are more than fifteen kinds", () => {
    expect(new Set(kinds.map(({name}) => name)).size).toBeGreaterThan(25);
    expect(new Set(kinds.map(({code}) => code)).size).toBeGreaterThan(15);
  });

  test.each(kinds.map((kind) => [kind.name, kind] as const))("%s", async (_, kind) => {
    const unfinished = memoryStore();
    expect([...(await run(kind, unfinished)).keys()]).toEqual([]);
    // What was good is kept: where tensors were read before the fault, they are there.
    const kept = await unfinished.list("");
    if (kind.after !== undefined) expect(kept.length).toBeGreaterThan(0);
    if (kind.name.includes("redirect to another")) expect(other!.asked).toEqual([]);
  });
});

test("a host that nobody hears of is said to be silent", async () => {
  const source = remoteSource("http://127.0.0.1:9/", {request: fetchRequest(), patience: quick});
  const converting = convertSource(source, memoryBundle(), {species: [{name: "human", genes: reference.genes}]});
  await expect(converting).rejects.toMatchObject({details: {domain: "checkpoint", code: "unreachable"}});
  await expect(converting).rejects.toThrow(/127\.0\.0\.1:9 does not answer|does not answer \(/);
});

test.each(["ftp://host/x", "not an address", "http://user:secret@host/x"])("%s is no address", (address) => {
  expect(() => remoteSource(address, {request: fetchRequest(), patience: quick})).toThrow(
    /is no http or https address/
  );
});
