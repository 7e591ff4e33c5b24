import {mkdtemp, readFile, rm} from "node:fs/promises";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import type {ExpectedValues} from "../../core/parity/expected-values.js";
import type {ParityRow} from "../../core/parity/parity-row.js";
import type {ParityReport} from "../../core/questions/parity.js";
import {ask, embed, load, normalize, openFile, sample} from "../../notebook/node.js";
import {writeDemoFile} from "../demo-file.js";
import {software} from "../software.js";
import type {Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";

const expectedValues = new URL("../../../data/parity.json", import.meta.url);

/** Exit status where a stage differs from its reference, or where a control that must fail did not. */
const differs = 2;

/** `parity`: compares every stage with its reference on the demo's cells; 2 if one differs or a control is not noticed. */
export async function runParity({options}: Invocation, {progress, signal, print}: CommandContext): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "uce-parity-"));
  try {
    const expected = JSON.parse(await readFile(expectedValues, "utf8")) as ExpectedValues;
    const model = options["model"] ?? null;
    const file = await openFile(await writeDemoFile(folder), {model, signal});
    const chain = embed(sample(normalize(load(file, {model}))));
    const onProgress = (done: number, total: number) => progress.update("comparing, sentence", done, total);
    const report = await ask(chain, "parity", {expected}, {signal, onProgress});
    const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} threads, Node ${process.versions.node}`;
    const about = {...report, software, machine, date: new Date().toISOString()};
    print(options["json"] ? JSON.stringify(about, null, 2) : reportText(report));
    return report.passed ? 0 : differs;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

function reportText({model, precision, reference, rows, passed}: ParityReport): string {
  const against = reference === "numpy" ? "numpy's figures" : "a plain float64 computation";
  const failed = rows.filter((row) => !row.passed).length;
  const missed = rows.flatMap(({controls}) => controls).filter(({caught}) => !caught).length;
  return [
    `${model}, ${precision}, against ${against}`,
    "",
    ...rows.flatMap(rowLines),
    "",
    passed
      ? `All ${rows.length} comparisons pass, and every control fails as it must: the same computation (not a statement about biology).`
      : `${failed} of ${rows.length} comparisons differ; ${missed} controls were not noticed.`
  ].join("\n");
}

function rowLines({title, compared, figure, tolerance, unit, passed, controls, fault}: ParityRow): string[] {
  const found = fault ?? `${shortly(figure)} (at most ${shortly(tolerance)}) ${unit}`;
  const wrong = controls.map(({name, figure, caught}) => `${name} ${shortly(figure)}${caught ? "" : " NOT NOTICED"}`);
  return [
    `${passed ? "same   " : "DIFFERS"} ${title}: ${found}`,
    `          ${compared}`,
    ...(wrong.length === 0
      ? []
      : [`          must fail, and ${controls.every(({caught}) => caught) ? "does" : "does not"}: ${wrong.join("; ")}`])
  ];
}

function shortly(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value < 1e-3 ? value.toExponential(1) : value.toPrecision(2);
}
