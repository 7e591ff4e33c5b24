import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import type {ConversionOptions} from "../../../src/components/core/convert/convert.js";
import type {Calibration, OpenVariant} from "../../../src/components/core/convert/measurement.js";
import type {Bundle, Manifest} from "../../../src/components/core/model/bundle.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {createRandom} from "../../../src/components/core/random.js";
import type {Precision} from "../../../src/components/core/types.js";
import {fixtureBytes, fixtureCheckpoint, memoryBundle, reference} from "./fixture.js";

/** Opens a variant on one thread of the CPU. */
export const openEncoder: OpenVariant = (bundle, precision) => openNodeEncoder(bundle, {precision, threads: 1});

/** All storage precisions. */
export const everyPrecision: Precision[] = ["fp32", "fp16", "int8"];

/** Sentences of `n` made-up cells, each with some genes of its own on two chromosomes. */
export function madeUpCells(n: number): Calibration {
  const random = createRandom(11).next;
  const {cls, chromosomeEnd, chromosomeOffset} = reference.sentence;
  const ids = Array.from(new Set(reference.genes.map(({chromosome}) => chromosome)));
  const sentences = Array.from({length: n}, () => {
    const at = Math.floor(random() * ids.length);
    const chosen = [ids[at], ids[(at + 1) % ids.length]];
    const spelled = chosen.flatMap((id) => {
      const genes = reference.genes.filter(({chromosome}) => chromosome === id);
      const drawn = Array.from({length: 10}, () => genes[Math.floor(random() ** 2 * genes.length)].token);
      return [id + chromosomeOffset, ...drawn, chromosomeEnd];
    });
    return Int32Array.from([cls, ...spelled]);
  });
  return {origin: `${n} made-up cells`, sentences};
}

/** Cells to measure variants on. */
export const cells = madeUpCells(520);

/** Converts the fixture. */
export function convert(options: ConversionOptions, files = memoryBundle()): Promise<Manifest> {
  return convertCheckpoint(fixtureCheckpoint(fixtureBytes()), files, {openEncoder, ...options});
}

/** Opens variants as ever, and tells how many sentences each embeds. */
export function countingEncoder(count: (precision: Precision, batch: number) => unknown): OpenVariant {
  return async (bundle, precision) => {
    const encoder = await openEncoder(bundle, precision);
    return {
      ...encoder,
      embed: (tokens, batch, length, signal) => {
        count(precision, batch);
        return encoder.embed(tokens, batch, length, signal);
      }
    };
  };
}

/** The fixture in all precisions, not measured. */
export async function made(): Promise<Bundle> {
  const files = memoryBundle();
  await convert({variants: everyPrecision, allowInexact: true, openEncoder: undefined}, files);
  return openBundle(files);
}
