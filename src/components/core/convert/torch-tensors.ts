import {WorkbookError} from "../errors.js";
import {safetensorsTypes, type SafetensorsType} from "../model/safetensors-header.js";
import {PickleName, type PickleRules} from "./pickle-machine.js";
import {readPickle} from "./read-pickle.js";

/** A tensor as data.pkl tells of it: some numbers of a storage, row-major. */
export interface TorchTensor {
  type: SafetensorsType;
  shape: number[];
  /** Name of the storage: it is the file data/NAME of the archive. */
  storage: string;
  /** Bytes of the storage before its first number, and that its own take. */
  first: number;
  bytes: number;
}

/** Dimensions of a tensor at most: PyTorch's own bound. */
const mostDimensions = 64;

interface Storage {
  type: SafetensorsType;
  key: string;
  count: number;
}

/** PyTorch's classes of storages by what they hold. */
const storageTypes: Record<string, SafetensorsType> = {
  "torch.FloatStorage": "F32",
  "torch.HalfStorage": "F16",
  "torch.BFloat16Storage": "BF16",
  "torch.DoubleStorage": "F64",
  "torch.LongStorage": "I64",
  "torch.IntStorage": "I32",
  "torch.ShortStorage": "I16",
  "torch.CharStorage": "I8",
  "torch.ByteStorage": "U8",
  "torch.BoolStorage": "BOOL"
};

/**
 * The tensors of a state dict (the bytes of an archive's data.pkl), by name, as data: of all that a pickle can ask for, tensors are rebuilt from
 * storages, dictionaries made, and everything else is refused by name. Throws a WorkbookError of domain "checkpoint": what
 * `readPickle` throws, "no-state-dict" for something else than a dictionary of tensors, "bad-tensor" for a tensor that is no row-major part of its storage.
 */
export function torchTensors(bytes: Uint8Array, name: string): Map<string, TorchTensor> {
  const rules: PickleRules = {
    values: new Set(Object.keys(storageTypes)),
    calls: new Map<string, (args: readonly unknown[]) => unknown>([
      ["collections.OrderedDict", (args) => dictionary(args)],
      ["torch._utils._rebuild_tensor_v2", (args) => new Rebuilt(args)],
      ["torch._utils._rebuild_parameter", ([tensor]) => tensor]
    ]),
    persistent: (id) => storageOf(id, name)
  };
  const root = readPickle(bytes, name, rules);
  if (!(root instanceof Map)) throw noStateDict(name, "holds no dictionary");
  const tensors = new Map<string, TorchTensor>();
  for (const [key, value] of root) {
    if (typeof key !== "string" || !(value instanceof Rebuilt)) throw noStateDict(name, describeOthers(root));
    tensors.set(key, value.tensor(name, key));
  }
  if (tensors.size === 0) throw noStateDict(name, "holds an empty dictionary");
  return tensors;
}

/** The arguments of `_rebuild_tensor_v2`: storage, offset, sizes, strides; what follows bears on training. */
class Rebuilt {
  constructor(private readonly args: readonly unknown[]) {}

  tensor(file: string, name: string): TorchTensor {
    const [storage, offset, shape, strides] = this.args;
    if (!isStorage(storage) || !isNatural(offset) || !isSizes(shape) || !isSizes(strides))
      throw badTensor(file, name, "is not given as a storage, an offset, sizes and strides");
    const count = shape.reduce((product, size) => product * size, 1);
    const rowMajor = shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * size, 1));
    const isRowMajor =
      strides.length === shape.length && shape.every((size, i) => size <= 1 || strides[i] === rowMajor[i]);
    if (!isRowMajor)
      throw badTensor(
        file,
        name,
        `of shape [${shape.join(", ")}] has strides [${strides.join(", ")}]: it is a view of another, not row-major`
      );
    if (!Number.isSafeInteger(count) || offset + count > storage.count)
      throw badTensor(file, name, `takes numbers ${offset} to ${offset + count} of a storage of ${storage.count}`);
    const size = safetensorsTypes[storage.type];
    return {type: storage.type, shape, storage: storage.key, first: offset * size, bytes: count * size};
  }
}

function dictionary([items = []]: readonly unknown[]): Map<unknown, unknown> {
  const pairs = Array.isArray(items) ? items.filter((pair): pair is [unknown, unknown] => Array.isArray(pair)) : [];
  return new Map(pairs);
}

/** A persistent id ("storage", class, key, device, count) as data. */
function storageOf(id: unknown, file: string): Storage {
  const [kind, type, key, , count] = Array.isArray(id) ? (id as unknown[]) : [];
  const known = type instanceof PickleName ? storageTypes[type.name] : undefined;
  if (kind === "storage" && known !== undefined && typeof key === "string" && /^\w+$/.test(key) && isNatural(count))
    return {type: known, key, count};
  throw badTensor(file, "data.pkl", "refers to something else than a storage of numbers");
}

function isStorage(value: unknown): value is Storage {
  return typeof value === "object" && value !== null && "key" in value && "count" in value;
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= mostDimensions && value.every(isNatural);
}

function describeOthers(root: ReadonlyMap<unknown, unknown>): string {
  const names = [...root.keys()].slice(0, 4);
  // A key may be anything; what is no text or number is only counted.
  const shown = names.map((name) =>
    typeof name === "string" || typeof name === "number" ? String(name).slice(0, 80) : "something without a name"
  );
  const more = root.size > 4 ? ` and ${root.size - 4} more` : "";
  return `holds a dictionary of ${shown.join(", ")}${more}, which are not all tensors`;
}

function noStateDict(name: string, what: string): WorkbookError {
  const remedy = "save its weights alone: torch.save(model.state_dict(), FILE)";
  return new WorkbookError({
    domain: "checkpoint",
    code: "no-state-dict",
    fault: `${name} ${what}`,
    place: "data.pkl",
    remedy
  });
}

function badTensor(file: string, tensor: string, what: string): WorkbookError {
  const remedy = "save it again: torch.save({k: v.contiguous() for k, v in model.state_dict().items()}, FILE)";
  return new WorkbookError({
    domain: "checkpoint",
    code: "bad-tensor",
    fault: `a tensor of ${file} ${what}`,
    place: tensor,
    remedy
  });
}
