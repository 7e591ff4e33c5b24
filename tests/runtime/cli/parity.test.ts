import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, expect, test} from "vitest";
import {demoModelFolder} from "../../../src/components/runtime/demo-model.js";
import type {ParityReport} from "../../../src/components/core/questions/parity.js";
import {cli} from "./run-program.js";

const folder = mkdtempSync(join(tmpdir(), "uce-parity-test-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const failing = ({rows}: ParityReport) => rows.filter(({passed}) => !passed).map(({id}) => id);

test("parity compares every stage of the embedded model with numpy, and every control fails", async () => {
  const {status, text, errors} = await cli("parity", "--json");
  const report = JSON.parse(text) as ParityReport & {machine: string; date: string};
  expect(failing(report)).toEqual([]);
  expect(report.rows.flatMap(({controls}) => controls.filter(({caught}) => !caught))).toEqual([]);
  expect([status, report.reference, report.passed]).toEqual([0, "numpy", true]);
  expect(report.rows.find(({id}) => id === "vector")!.figure).toBeLessThan(1e-5);
  expect(report.machine).toMatch(/Node \d/);
  expect(errors).not.toMatch(/defect/);
}, 60_000);

test("a model of one's own has a float64 reference; a damaged byte of it is named, with exit status 2", async () => {
  const model = join(folder, "model");
  cpSync(demoModelFolder, model, {recursive: true});
  const manifest = join(model, "manifest.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("UCE small, human", "Another model"));
  const weights = join(model, "encoder.fp16.safetensors");
  const bytes = readFileSync(weights);
  bytes[bytes.length - 5000] ^= 0x08;
  writeFileSync(weights, bytes);
  const {status, text} = await cli("parity", "--model", model);
  expect(status).toBe(2);
  expect(text).toMatch(/Another model, fp16, against a plain float64 computation/);
  expect(text).toMatch(/DIFFERS Files of the model: 1 .*\n.*damaged: encoder\.fp16\.safetensors/);
  expect(text).toMatch(/same +Layer 4/);
}, 60_000);

test("parity takes no file", async () => {
  const {status, errors} = await cli("parity", "cells.h5ad");
  expect([status, errors]).toEqual([1, expect.stringMatching(/parity takes no file, got cells\.h5ad/)]);
});
