import type {Inspection} from "../core/anndata/inspect.js";
import type {Problem} from "../core/anndata/problem.js";
import type {FileFacts} from "../core/stages/file-facts.js";
import type {DataStatus} from "../views/data-source.js";
import {formatBytes} from "../views/format.js";
import type {MatrixRow} from "../views/matrix-picker.js";
import {type Notice, sentence} from "../views/notice-list.js";

/** The matrices of a file as the picker shows them. */
export function matrixRows({matrices}: Inspection): MatrixRow[] {
  return matrices.map(({evidence, ...info}) => ({
    info: {...info, place: `/${info.name}`},
    candidate:
      evidence === null && info.fault === null ? null : {name: info.name, evidence, fault: info.fault, faultCode: null}
  }));
}

/** obs columns that cells can be spread over: 2 to 200 groups. */
export function stratifiable({obs}: FileFacts): {name: string; groups: number}[] {
  return obs
    .map((column) => ({
      name: column.name,
      groups:
        column.kind === "categorical"
          ? column.categories.length
          : column.kind === "text"
            ? new Set(column.values).size
            : 0
    }))
    .filter(({groups}) => groups >= 2 && groups <= 200);
}

/** Names of columns that hold cell types, the likeliest first. */
const typeNames = [
  /^cell_?type$/i,
  /cell.?type|celltype|annotation/i,
  /label|cluster|leiden|louvain|tissue|condition|cell_?line/i
];

/** The column that most likely holds cell types, by its name: the first of the list if none is called like one; undefined for none. */
export function likeliestTypes<Column extends {name: string}>(columns: readonly Column[]): Column | undefined {
  return namedTypes(columns) ?? columns[0];
}

/** The column that is called like cell types; undefined for none. */
export function namedTypes<Column extends {name: string}>(columns: readonly Column[]): Column | undefined {
  for (const pattern of typeNames) {
    const found = columns.find(({name}) => pattern.test(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How far opening is: of a host's file the bytes that were read, else a share of what has to be done. */
export const howFar = (done: number, total: number, host: string | null) =>
  host === null ? {share: done / total} : {detail: `${formatBytes(done)} of ${formatBytes(total)} read from ${host}`};

/** What the data card says of several files that are read as one; undefined for one file. */
export const joinedWords = ({joined}: Pick<FileFacts, "joined">) =>
  joined && `${joined.files.length} files as one; each cell keeps the vector that it has alone`;

/** What the data card says of an open file; `detail` is more words, where there are any. */
export function openStatus({name, bytes, inspection}: FileFacts, detail: string | undefined): DataStatus {
  const {nObs, nVar, genes} = inspection;
  return {
    state: "open",
    name,
    size: bytes,
    cells: nObs,
    genes: nVar,
    aligned: genes?.aligned,
    detail
  };
}

/** What is no fault of the file and bears on every result of it. */
const toldOfResults = new Set(["features-left-out", "rounded-counts", "trained-on"]);

/**
 * Problems of an open file that a person should know of, as notices. That no matrix holds counts is one notice with what is
 * wrong with each, not one for every matrix and one for all.
 */
export function problemNotices({inspection}: FileFacts): Notice[] {
  const told = inspection.problems.filter(({severity, code}) => severity !== "info" || toldOfResults.has(code));
  const whyNot = told.filter(
    ({severity, message}) =>
      severity === "error" && inspection.matrices.some(({name}) => message.startsWith(`matrix ${name} `))
  );
  const none = told.find(({code}) => code === "no-counts");
  if (none === undefined || whyNot.length === 0) return oneACode(told.map(noticeOfProblem));
  const at = (place?: string) => (place === undefined || whyNot.length === 1 ? "" : ` (at ${place})`);
  const together: Notice = {
    severity: "error",
    code: none.code,
    message: whyNot.map(({message, place}) => `${message}${at(place)}`).join("; "),
    place: whyNot.length === 1 ? whyNot[0].place : undefined,
    remedy: [...new Set(whyNot.map(({remedy}) => sentence(remedy)))].join(" ")
  };
  const others = told.filter((problem) => !whyNot.includes(problem));
  return oneACode(others.map((problem) => (problem === none ? together : noticeOfProblem(problem))));
}

/** Notices of one code replace each other where they are shown, so two columns that cannot be read make one notice. */
function oneACode(notices: readonly Notice[]): Notice[] {
  const found = new Map<string, Notice>();
  for (const notice of notices) {
    const first = found.get(notice.code);
    if (first === undefined) found.set(notice.code, notice);
    else {
      const remedies = [first.remedy, notice.remedy].flatMap((text) => (text === undefined ? [] : [sentence(text)]));
      found.set(notice.code, {
        ...first,
        message: `${first.message}; ${notice.message}`,
        place: undefined,
        remedy: [...new Set(remedies)].join(" ")
      });
    }
  }
  return [...found.values()];
}

const noticeOfProblem = ({severity, code, message, place, remedy}: Problem): Notice => ({
  severity,
  code,
  message,
  place,
  remedy
});
