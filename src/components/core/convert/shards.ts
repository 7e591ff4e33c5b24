import {isRecord} from "../is-record.js";
import {WorkbookError} from "../errors.js";
import type {RangeReader} from "../remote/range-reader.js";

/** Weights that lie in several safetensors files. */
export interface ShardedWeights {
  /** Parsed content of model.safetensors.index.json. */
  index: unknown;
  /** Opens a shard by its name; null if it is not there. */
  open(name: string, signal?: AbortSignal): Promise<RangeReader | null>;
}

const indexName = "model.safetensors.index.json";

/**
 * Reads the index of a sharded checkpoint: the shard of each tensor, by the tensor's name. Throws a WorkbookError of domain
 * "checkpoint", code "bad-index", for an index without `weight_map` or with a shard that is no plain file name.
 */
export function readShardIndex(index: unknown): Map<string, string> {
  const map = isRecord(index) ? index.weight_map : undefined;
  if (!isRecord(map) || Object.keys(map).length === 0) {
    throw badIndex(`${indexName} has no weight_map`, undefined);
  }
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard === "string" && /^[\w-][\w.-]*\.safetensors$/.test(shard)) continue;
    throw badIndex(
      `${indexName} gives ${JSON.stringify(shard)} as the file of a tensor, which is no plain name`,
      tensor
    );
  }
  return new Map(Object.entries(map) as [string, string][]);
}

/**
 * Throws where index and shards say different things: a tensor that its shard does not hold, a tensor that a shard holds and
 * the index does not tell of, or tells to be elsewhere.
 */
export function checkShards(index: ReadonlyMap<string, string>, shards: ReadonlyMap<string, Iterable<string>>): void {
  const found = new Map<string, string>();
  for (const [shard, tensors] of shards) {
    for (const tensor of tensors) {
      const listed = index.get(tensor);
      if (listed !== shard) {
        throw badIndex(
          `${shard} holds a tensor that ${indexName} ${listed === undefined ? "does not list" : `says to be in ${listed}`}`,
          tensor
        );
      }
      found.set(tensor, shard);
    }
  }
  for (const [tensor, shard] of index) {
    if (!found.has(tensor)) throw badIndex(`${indexName} says that ${shard} holds a tensor which is not there`, tensor);
  }
}

/** The error for a shard that the index names and nobody has. */
export function missingShard(shard: string): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "missing",
    fault: `${indexName} names the file ${shard}, which is not there`,
    remedy: "give all files of the checkpoint"
  });
}

function badIndex(fault: string, place: string | undefined): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "bad-index",
    fault,
    place,
    remedy: "download all files of the checkpoint again, of one revision"
  });
}
