import type {Inspection} from "../core/anndata/inspect.js";
import type {InspectChoice as ChoiceOfFile} from "../core/stages/file-facts.js";
import type {OpenFile} from "../core/stages/stage.js";
import {inspect, withInspection} from "./browser.js";

/** What is chosen of a file, and the model whose genes are looked for: a hash, or null for the site's own. */
export type InspectChoice = ChoiceOfFile & {model?: string | null};

/** The model whose genes were looked for in an open file. */
const modelsOf = new WeakMap<OpenFile, string | null>();

const listeners = new WeakMap<OpenFile, (choice: InspectChoice) => void>();

/** Lets `listener` hear of another choice of matrix or gene names of an open file: the input that opened it. */
export function onFileChoice(file: OpenFile, listener: (choice: InspectChoice) => void): void {
  listeners.set(file, listener);
}

/**
 * Tells the input that opened a file which matrix, species and gene names are chosen of it (null: by the rule), so that what it says of the
 * file is said of these. Counts recovered from a matrix become one of the file's matrices with it.
 */
export function chooseOfFile(file: OpenFile, choice: InspectChoice): void {
  listeners.get(file)?.(choice);
}

/** An open file as it is under a choice. */
export interface ChosenFile {
  /** The file; counts recovered from a matrix are among its matrices if they were chosen. */
  file: OpenFile;
  /** What is to be said of it. */
  inspection: Inspection;
  /** Why the file stays as the rule has it: a link may name what its file lacks. Null if it does not. */
  fault: unknown;
}

/** Looks at an open file under a choice. Never rejects. */
export async function chosenFile(file: OpenFile, choice: InspectChoice): Promise<ChosenFile> {
  const {model = null, ...ofFile} = choice;
  let byRule: ChosenFile = {file, inspection: file.inspection, fault: null};
  try {
    if ((modelsOf.get(file) ?? null) !== model) {
      const read = withInspection(file, await inspect(file, {}, model));
      modelsOf.set(read, model);
      byRule = {file: read, inspection: read.inspection, fault: null};
    }
    const {matrix, geneColumn, species, repair} = ofFile;
    if (matrix == null && geneColumn == null && species == null && repair === undefined) return byRule;
    const inspection = await inspect(file, ofFile, model);
    const known = new Set(file.inspection.matrices.map(({name}) => name));
    const isKnown = inspection.matrices.every(({name}) => known.has(name));
    if (isKnown) return {...byRule, inspection};
    const {matrices} = inspection;
    const other = withInspection(byRule.file, {...byRule.file.inspection, matrices});
    modelsOf.set(other, model);
    return {file: other, inspection, fault: null};
  } catch (fault) {
    return {...byRule, fault};
  }
}
