/** From a block of counts to cell sentences: align, normalize, sample, write down (docs/sampling.md). */
export {alignGenes, type Alignment} from "./align.js";
export {chromosomeSentence, type GenomeOrder, orderOnGenome} from "./chromosomes.js";
export {cumulativeDistribution, placeInDistribution} from "./distribution.js";
export {parseGeneDictionary} from "./gene-dictionary.js";
export {formatGenes, parseGenes} from "./genes-csv.js";
export {type CellProbabilities, normalize} from "./normalize.js";
export {NumpyGenerator, type RandomSource} from "./numpy-rng.js";
export {drawGenes, samplingSeed} from "./sample.js";
export {samplingSeeds, type SeededCells} from "./sampling-seeds.js";
export {seedSequence} from "./seed-sequence.js";
export {cellSentence, type SentenceOptions, type SentenceSteps, sentenceSteps} from "./sentence.js";
