import type {AnnData} from "./anndata.js";
import type {MatrixCandidate} from "./consider-matrix.js";
import type {MatrixChoice} from "./choose-matrix.js";
import {holdsOnlyOnes} from "./holds-only-ones.js";
import {leftOutWords} from "./left-out-words.js";
import type {LeftOutShare} from "./matrix-evidence.js";
import type {Problem} from "./problem.js";

/**
 * What a person should know of the matrix that is used wherever it is used, in `inspect` as in a run: features left out, counts
 * rounded or recovered, nothing but 0 and 1, another matrix of more genes. Empty where none is chosen.
 */
export function matrixNotes(anndata: AnnData, choice: MatrixChoice): Problem[] {
  const {chosen, candidates} = choice;
  if (chosen === null) return [];
  const candidate = candidates.find(({name}) => name === chosen.name)!;
  return [
    ...recoveredNotes(choice, candidate),
    ...featureNotes(anndata, chosen.genes, candidate.evidence?.leftOut ?? []),
    ...countsNotes(candidate),
    ...richerNotes(choice)
  ];
}

function recoveredNotes({chosen, isCounts}: MatrixChoice, {name, evidence}: MatrixCandidate): Problem[] {
  if (chosen?.recovered === undefined || !isCounts) return [];
  return [
    {
      code: "recovered-counts",
      severity: "warning",
      message: `${name} are ${evidence!.why}`,
      place: name,
      remedy:
        "take them as strong evidence of what was counted, not as proof: counts that were all multiples of a number come out divided by it"
    }
  ];
}

function featureNotes(anndata: AnnData, axis: "var" | "raw/var", leftOut: readonly LeftOutShare[]): Problem[] {
  const {source, fault, total} = anndata.features(axis);
  if (fault !== null) return [typesUnreadable(anndata.name, fault, total)];
  if (leftOut.length === 0) return [];
  return [
    {
      code: "features-left-out",
      severity: "info",
      message: `features that are not genes are left out, also of totals (${source}): ${leftOutWords(leftOut)}`,
      place: `/${source}`,
      remedy: "nothing to do: the model reads gene expression alone"
    }
  ];
}

/** Antibodies that are read as genes are a wrong value, so nothing is computed before it is known that there are none. */
function typesUnreadable(name: string, {place, fault}: {place: string; fault: string}, total: number): Problem {
  const file = JSON.stringify(name);
  return {
    code: "feature-types-unreadable",
    severity: "error",
    message: `which features are genes cannot be told, since their types cannot be read: ${fault}`,
    place,
    remedy:
      `write that column again with a type for each of the ${total.toLocaleString("en")} features; ` +
      `if all of them are genes, remove it in Python: import h5py; del h5py.File(${file}, "a")[${JSON.stringify(place)}]`
  };
}

function countsNotes({name, evidence}: MatrixCandidate): Problem[] {
  if (evidence?.verdict !== "counts") return [];
  const notes: Problem[] = [];
  if (evidence.noise > 0) {
    notes.push({
      code: "rounded-counts",
      severity: "info",
      message: `matrix ${name} holds counts with noise of up to ${Number(evidence.noise.toPrecision(2))}; they are rounded to whole numbers`,
      place: name,
      remedy: "nothing to do"
    });
  }
  if (holdsOnlyOnes(evidence)) {
    notes.push({
      code: "binary",
      severity: "warning",
      message: `matrix ${name} holds nothing but 0 and 1`,
      place: name,
      remedy: "check that it was not made binary; the model was trained on counts"
    });
  }
  return notes;
}

function richerNotes({chosen, richer}: MatrixChoice): Problem[] {
  if (richer === null) return [];
  const [more, fewer] = [richer.genes.toLocaleString("en"), richer.instead.toLocaleString("en")];
  return [
    {
      code: "more-genes-elsewhere",
      severity: "warning",
      message: `matrix ${richer.name} holds counts of more genes than ${chosen!.name}, which was asked for: ${more} that can be used, not ${fewer}`,
      place: richer.name,
      remedy: `use ${richer.name}, unless the genes of ${chosen!.name} alone are wanted`
    }
  ];
}
