import type {Table} from "apache-arrow";
import type {PipelineEvent} from "../pipeline/events.js";
import type {ChainVectors} from "../questions/context.js";
import {readEmbeddings} from "../tables/embeddings.js";
import {readProvenance} from "../tables/provenance.js";

/** Vectors of the last chains that runs told of, by the address of their embed stage. */
export class VectorsAtHand {
  readonly #most: number;
  readonly #known = new Map<string, () => ChainVectors>();

  /** Keeps those of `most` chains. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes the table of vectors, if that is what a run of the chain at `address` tells; it is read when it is asked for. */
  hear(address: string, event: PipelineEvent): void {
    if (event.type !== "table" || event.name !== "embeddings") return;
    this.#known.delete(address);
    let [table, read]: [Table | null, ChainVectors | null] = [event.table, null];
    this.#known.set(address, () => {
      read ??= vectorsOf(table!);
      // Its vectors are in memory once.
      table = null;
      return read;
    });
    for (const old of [...this.#known.keys()].slice(0, -this.#most)) this.#known.delete(old);
  }

  /** Those at an address, the same object each time; undefined where they are not at hand. */
  of(address: string): ChainVectors | undefined {
    return this.#known.get(address)?.();
  }

  /** Forgets all. */
  clear(): void {
    this.#known.clear();
  }
}

function vectorsOf(table: Table): ChainVectors {
  const provenance = readProvenance(table);
  return {cells: readEmbeddings(table), matrix: provenance?.matrix ?? "X", provenance};
}
