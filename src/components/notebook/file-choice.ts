import type {InspectChoice} from "../core/stages/file-facts.js";
import type {OpenFile} from "../core/stages/stage.js";

const listeners = new WeakMap<OpenFile, (choice: InspectChoice) => void>();

/** Lets `listener` hear of another choice of matrix or gene names of an open file: the input that opened it. */
export function onFileChoice(file: OpenFile, listener: (choice: InspectChoice) => void): void {
  listeners.set(file, listener);
}

/**
 * Tells the input that opened a file which matrix and gene names are chosen of it (null: by the rule), so that what it says of the
 * file is said of these. Counts recovered from a matrix become one of the file's matrices with it.
 */
export function chooseOfFile(file: OpenFile, choice: InspectChoice): void {
  listeners.get(file)?.(choice);
}
