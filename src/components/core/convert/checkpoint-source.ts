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
  /** Names of the files that lie there, without folders; null where the source does not tell, as a host. */
  list(): Promise<readonly string[] | null>;
  /** A whole small file; null if it is not there. Throws a WorkbookError if it cannot be had. */
  read(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null>;
  /** A large file; null if it is not there. */
  open(path: string, signal?: AbortSignal): Promise<SourceFile | null>;
  /** Revision that the host says its files are of; "" where it says none. Known once a file was read. */
  revision(): string;
}

/** A checkpoint that was found: its configuration read, its weights open. */
export interface OpenedCheckpoint {
  /** Parsed content of config.json; undefined where there is none. */
  config: unknown;
  weights: RangeReader | ShardedWeights;
  /** Path, version and size of each file of weights. */
  files: {path: string; version: string; bytes: number}[];
  close(): Promise<void>;
}

const single = "model.safetensors";
const index = `${single}.index.json`;
const archiveOnHosts = "pytorch_model.bin";
/** Files that torch.save writes. */
const archive = /\.(torch|pt|pth|bin)$/i;

/** True for the name of a file as torch.save writes it (".torch", ".pt"). */
export function isArchiveName(name: string): boolean {
  return archive.test(name);
}

/**
 * Opens a checkpoint: model.safetensors, or the shards of model.safetensors.index.json where that is not there, as the transformers library does, or
 * the one file of torch.save; with config.json where there is one. Throws a WorkbookError of domain "checkpoint" (missing, several, not-json), or what
 * the source throws.
 */
export async function openCheckpoint(source: CheckpointSource, signal?: AbortSignal): Promise<OpenedCheckpoint> {
  const config = await readJson(source, "config.json", signal);
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
    const own = (await archiveIn(source)) ?? single;
    const weights = (await found(own)) ? opened.get(own)! : await findOthers(source, config, found, opened, signal);
    const files = Array.from(opened, ([path, {version, byteLength}]) => ({path, version, bytes: byteLength}));
    return {config, weights, files, close};
  } catch (error) {
    await close();
    throw error;
  }
}

/** The file of torch.save among those of a source; undefined where it has none, and where model.safetensors lies beside it. */
async function archiveIn(source: CheckpointSource): Promise<string | undefined> {
  const names = (await source.list()) ?? [];
  if (names.includes(single) || names.includes(index)) return undefined;
  const archives = names.filter(isArchiveName);
  if (archives.length < 2) return archives[0];
  throw new WorkbookError({
    domain: "checkpoint",
    code: "several",
    fault: `${whereOf(source)} holds ${archives.length} checkpoints: ${shortList(archives)}`,
    remedy: "give one of the files"
  });
}

function shortList(names: readonly string[]): string {
  return `${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}`;
}

/** Shards, or the name that the transformers library gives to a file of torch.save: a host does not list what it has. */
async function findOthers(
  source: CheckpointSource,
  config: unknown,
  found: (path: string) => Promise<boolean>,
  opened: ReadonlyMap<string, SourceFile>,
  signal?: AbortSignal
): Promise<RangeReader | ShardedWeights> {
  const map = await readJson(source, index, signal);
  if (map === undefined && (await found(archiveOnHosts))) return opened.get(archiveOnHosts)!;
  if (map === undefined) {
    const names = (await source.list()) ?? [];
    const others = names.length === 0 ? "" : `; there ${names.length === 1 ? "is" : "are"} ${shortList(names)}`;
    const lacks =
      config === undefined
        ? "no config.json, no model.safetensors and no .torch file"
        : `neither ${single} nor ${index}`;
    throw missing(source, `there is ${lacks}${others}`);
  }
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
    remedy: "give the folder or address with config.json and model.safetensors, or the .torch file of the original UCE"
  });
}

function whereOf({name, address}: CheckpointSource): string {
  return address === "" ? name : address;
}
