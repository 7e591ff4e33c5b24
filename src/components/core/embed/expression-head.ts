import {WorkbookError} from "../errors.js";
import type {Bundle} from "../model/bundle.js";
import {readGraphFiles, type GraphFiles} from "../model/graph-files.js";
import type {Precision} from "../types.js";
import {tableRows} from "./table-rows.js";

/** The model's expression head, open on one device: which genes does it expect in a cell with this embedding? */
export interface ExpressionHead {
  /** Display name of backend and device. */
  readonly name: string;
  /** Precision of the stored weights that were opened. */
  readonly storage: Precision;
  /** Width of the embedding that it takes. */
  readonly width: number;
  /**
   * The head's probability that each gene is expressed, 0 to 1, one a gene of `genes` (checkpoint tokens, any number, in any
   * order). `embedding` is the cell's unit vector, as the encoder gives it: the head was trained on those. It was also
   * trained on as many expressed as unexpressed genes, so 0.5 is "as likely as not" only where half of the genes asked
   * about are expressed; the order of genes does not depend on that.
   *
   * Throws a WorkbookError of domain "encoder" if the embedding is not of unit length, a token is not in the model's table
   * or the device fails, and the signal's reason.
   */
  predict(embedding: Float32Array, genes: Int32Array, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>>;
  /** Frees the device's memory; the head cannot be used afterwards. */
  close(): Promise<void>;
}

/** The head's graph (`expressionGraph`) in a session of some backend. */
export interface ExpressionSession {
  /** Logits of one cell for `rows` of the folded table. */
  run(cell: Float32Array, rows: Int32Array<ArrayBuffer>): Promise<ArrayLike<number>>;
  close(): Promise<void>;
}

/** How to open a head: what it says of itself, and the backend's way to a session. */
export interface ExpressionHeadOptions {
  name: string;
  /** Storage precision to read; arithmetic is float32. */
  precision: Precision;
  openSession(files: GraphFiles): Promise<ExpressionSession>;
  signal?: AbortSignal;
}

/** Genes in one call of the graph: its largest intermediate is 512 numbers a gene, 8 MB. */
const genesPerCall = 4096;

/**
 * Opens a bundle's expression head on a backend. The head checks what it is asked and what comes back, translates tokens into
 * rows of the table, and asks for some thousands of genes at a time, so that memory stays small and a long question can be
 * aborted. Throws a WorkbookError of domain "model" ("no-expression-head" if the model has none), what `openSession` throws,
 * and the signal's reason.
 */
export async function openExpressionHead(
  bundle: Bundle,
  {name, precision, openSession, signal}: ExpressionHeadOptions
): Promise<ExpressionHead> {
  requireExpression(bundle);
  const {run, close} = await openSession(await readGraphFiles(bundle, "expression", precision, signal));
  const width = bundle.manifest.architecture.outputWidth;
  const rowOf = geneRows(bundle);
  let open = true;
  return {
    name,
    storage: precision,
    width,
    async predict(embedding, genes, signal) {
      if (!open) throw refused("closed", "the model's expression head was closed", "open it again");
      requireUnit(embedding, width);
      const rows = rowOf(genes);
      const probabilities = new Float32Array(genes.length);
      for (let from = 0; from < rows.length; from += genesPerCall) {
        signal?.throwIfAborted();
        const part = rows.slice(from, from + genesPerCall);
        const logits = await run(embedding, part);
        if (logits.length !== part.length) {
          throw refused(
            "bad-output",
            `the head gave ${logits.length} numbers for ${part.length} genes`,
            "convert the checkpoint again"
          );
        }
        for (let i = 0; i < part.length; ++i) {
          if (!Number.isFinite(logits[i])) {
            throw refused(
              "bad-output",
              `the head gave ${logits[i]} for token ${genes[from + i]}`,
              "choose another backend or precision"
            );
          }
          probabilities[from + i] = 1 / (1 + Math.exp(-logits[i]));
        }
      }
      signal?.throwIfAborted();
      return probabilities;
    },
    async close() {
      if (!open) return;
      open = false;
      await close();
    }
  };
}

/** Throws the WorkbookError "no-expression-head" if the model was published without one. */
function requireExpression({manifest}: Bundle): void {
  if (manifest.architecture.expression !== null) return;
  throw new WorkbookError({
    domain: "model",
    code: "no-expression-head",
    fault: `model ${manifest.name} has no expression head`,
    remedy: "choose a model that was published with one"
  });
}

/** Table rows of gene tokens; one token a "sentence", so that the check of the encoder names the wrong one. */
function geneRows(bundle: Bundle): (tokens: Int32Array) => Int32Array<ArrayBuffer> {
  const rowsOf = tableRows(bundle);
  return (tokens) => (tokens.length === 0 ? new Int32Array(0) : rowsOf(tokens, tokens.length, 1));
}

function requireUnit(embedding: Float32Array, width: number): void {
  let squares = 0;
  for (const value of embedding) squares += value * value;
  if (embedding.length === width && Math.abs(Math.sqrt(squares) - 1) <= 1e-3) return;
  const what =
    embedding.length === width
      ? `has length ${Math.sqrt(squares).toPrecision(4)}, not 1`
      : `has ${embedding.length} numbers, not ${width}`;
  throw refused(
    "bad-embedding",
    `the cell's embedding ${what}`,
    "give the unit vector that the encoder of the same model made"
  );
}

function refused(code: string, fault: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "encoder", code, fault, remedy});
}
