import {isRecord} from "../is-record.js";
import {WorkbookError} from "../errors.js";
import type {RangeReader} from "../remote/range-reader.js";
import {readShardIndex} from "./shards.js";
import type {ShardedWeights} from "./shards.js";

/** A large file of a checkpoint, read by range. */
export interface SourceFile extends RangeReader {
  /**
   * What changes when the file does: an ETag, a time of change. "" where the source says nothing of the kind; what was fetched
   * of such a file is not used by a later conversion.
   */
  readonly version: string;
  close?(): Promise<void>;
}

/** Where a checkpoint's files come from: a folder, files that were picked, a host. */
export interface CheckpointSource {
  /** What it is called, for the manifest ("uce-brain-pilot-8l-512d"). */
  readonly name: string;
  /** Where it is, for the manifest and messages: an address, or "" for what lies on this machine. */
  readonly address: string;
  /** A whole small file; null if it is not there. Throws a WorkbookError if it cannot be had. */
  read(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null>;
  /** A large file; null if it is not there. */
  open(path: string, signal?: AbortSignal): Promise<SourceFile | null>;
  /** Revision that the host says its files are of; "" where it says none. Known once a file was read. */
  revision(): string;
}

/** A checkpoint that was found: its configuration read, its weights open. */
export interface OpenedCheckpoint {
  config: unknown;
  weights: RangeReader | ShardedWeights;
  /** Path, version and size of each file of weights. */
  files: {path: string; version: string; bytes: number}[];
  close(): Promise<void>;
}

const single = "model.safetensors";
const index = `${single}.index.json`;

/**
 * Opens a checkpoint: config.json and model.safetensors, or the shards of model.safetensors.index.json where that is not there,
 * as the transformers library does. Throws a WorkbookError of domain "checkpoint" (missing, not-json), or what the source throws.
 */
export async function openCheckpoint(source: CheckpointSource, signal?: AbortSignal): Promise<OpenedCheckpoint> {
  const config = await readJson(source, "config.json", signal);
  if (config === undefined) throw missing(source, "there is no config.json");
  const opened = new Map<string, SourceFile>();
  const close = async () => {
    for (const file of opened.values()) await file.close?.();
  };
  try {
    const found = async (path: string): Promise<boolean> => {
      const file = await source.open(path, signal);
      if (file !== null) opened.set(path, file);
      return file !== null;
    };
    const weights = (await found(single)) ? opened.get(single)! : await findShards(source, found, opened, signal);
    const files = Array.from(opened, ([path, {version, byteLength}]) => ({path, version, bytes: byteLength}));
    return {config, weights, files, close};
  } catch (error) {
    await close();
    throw error;
  }
}

async function findShards(
  source: CheckpointSource,
  found: (path: string) => Promise<boolean>,
  opened: ReadonlyMap<string, SourceFile>,
  signal?: AbortSignal
): Promise<ShardedWeights> {
  const map = await readJson(source, index, signal);
  if (map === undefined) throw missing(source, `there is neither ${single} nor ${index}`);
  for (const shard of new Set(readShardIndex(map).values())) await found(shard);
  return {index: map, open: async (name) => opened.get(name) ?? null};
}

async function readJson(source: CheckpointSource, path: string, signal?: AbortSignal): Promise<unknown> {
  const bytes = await source.read(path, signal);
  if (bytes === null) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes));
    if (isRecord(value)) return value;
  } catch (cause) {
    throw notJson(source, `${path} is not JSON`, cause);
  }
  throw notJson(source, `${path} is not a JSON object`);
}

function notJson(source: CheckpointSource, fault: string, cause?: unknown): WorkbookError {
  const remedy = source.address === "" ? "download it again" : "check the address";
  return new WorkbookError(
    {domain: "checkpoint", code: "not-json", fault: `${whereOf(source)}: ${fault}`, remedy},
    {cause}
  );
}

function missing(source: CheckpointSource, fault: string): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "missing",
    fault: `${whereOf(source)}: ${fault}`,
    remedy: "give the folder or address with config.json and model.safetensors"
  });
}

function whereOf({name, address}: CheckpointSource): string {
  return address === "" ? name : address;
}
