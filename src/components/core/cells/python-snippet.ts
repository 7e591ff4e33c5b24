import type {SeedRule} from "../types.js";
import {toBase64} from "./base64.js";
import type {CellSteps} from "./cell-steps.js";

/** Where a snippet's numbers come from, for its first comment. */
export interface SnippetSource {
  /** Name of the file. */
  file: string;
  /** Name of the cell. */
  cell: string;
  /** Where its seed comes from. */
  seeds: SeedRule;
}

/**
 * A few lines of Python that need nothing but numpy and print the tokens of a cell's sentence. The cell's numbers are in the text:
 * the probabilities as float32, bit for bit, so that numpy draws from the very same distribution, and token, chromosome and start
 * of each gene. Null for a cell without a sentence.
 */
export function pythonSnippet(
  {row, probabilities, tokens, chromosomes, starts, sentence}: CellSteps,
  {file, cell, seeds}: SnippetSource
): string | null {
  if (sentence === null) return null;
  const {sampling, seed, constants} = sentence;
  const {sampleSize, cls, chromosomeEnd, chromosomeOffset} = constants;
  const why =
    seeds === "name"
      ? "the first 11 hexadecimal digits of SHA-256 of the cell's name: not the reference's seed"
      : seed === row
        ? "the seed is the cell's row in the file"
        : `of row ${row}`;
  return `# Tokens of cell ${oneLine(cell)} (row ${row}) of ${oneLine(file)}, ${sampling} sampling. Needs numpy alone.
import base64
import numpy as np

def unpack(text, kind):
    return np.frombuffer(base64.b64decode(text), kind)

# One entry a gene that has counts, in the file's order: probability, token, chromosome, start in base pairs.
probabilities = unpack("${packed(probabilities)}", "<f4")
${integers("tokens", tokens)}
${integers("chromosomes", chromosomes)}
${integers("starts", starts)}

generator = np.random.default_rng(${seed})  # ${why}
${sampling === "reference" ? reference(sampleSize) : lowVariance(sampleSize)}
order = np.unique(chromosomes[drawn])
generator.shuffle(order)

sentence = [${cls}]
for chromosome in order:
    here = drawn[chromosomes[drawn] == chromosome]
    here = here[np.argsort(starts[here], kind="stable")]
    sentence += [${chromosomeOffset} + int(chromosome), *tokens[here].tolist(), ${chromosomeEnd}]
print(sentence)
`;
}

const reference = (size: number) =>
  `drawn = generator.choice(len(probabilities), size=${size}, p=probabilities, replace=True)`;

const lowVariance = (size: number) => `cdf = probabilities.astype(np.float64).cumsum()
cdf /= cdf[-1]
drawn = cdf.searchsorted((np.arange(${size}) + generator.random()) / ${size}, side="right").clip(max=len(cdf) - 1)`;

/** A line that unpacks whole numbers, stored as narrow as they fit. */
function integers(name: string, values: Int32Array): string {
  const narrow = values.every((value) => value >= 0 && value < 65536);
  const bytes = new DataView(new ArrayBuffer(values.length * (narrow ? 2 : 4)));
  values.forEach((value, i) => (narrow ? bytes.setUint16(2 * i, value, true) : bytes.setInt32(4 * i, value, true)));
  return `${name} = unpack("${toBase64(new Uint8Array(bytes.buffer))}", "${narrow ? "<u2" : "<i4"}").astype(int)`;
}

function packed(values: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
  return toBase64(new Uint8Array(bytes.buffer));
}

/** Names come from files: nothing in them may end the comment. */
function oneLine(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ");
}
