/**
 * Turns the public gene dictionary into our compact human gene table, src/data/human-genes.csv:
 *
 *     node --import tsx scripts/make-human-genes.ts [DICTIONARY.json] [OUT.csv]
 *
 * DICTIONARY.json is the human gene dictionary that is released with the UCE-brain checkpoints; the default is the
 * copy in ../shared/data. The table holds facts only (symbol, token, chromosome, start) and is committed.
 */
import {readFileSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {parseGeneDictionary} from "../src/components/core/cells/gene-dictionary.js";
import {formatGenes} from "../src/components/core/cells/genes-csv.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const [dictionary = `${root}/../shared/data/human_gene_dict.json`, out = `${root}/src/data/human-genes.csv`] =
  process.argv.slice(2);

const genes = parseGeneDictionary(readFileSync(dictionary, "utf8"), ["human"])[0].genes;
const comment = [
  "Human genes of the UCE-brain checkpoints: symbol, token id, chromosome id, start (base pairs).",
  "Source: the gene dictionary released with the checkpoints, Hugging Face KuanP/uce-brain-pilot-8l-512d.",
  `Written by scripts/make-human-genes.ts; ${genes.length} genes, in the dictionary's order.`
];
writeFileSync(out, formatGenes(genes, comment));
console.log(`${genes.length} genes written to ${out}`);
