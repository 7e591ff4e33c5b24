import {WorkbookError} from "../errors.js";

const again = "give model.safetensors, or a .torch file of PyTorch";

/** First bytes of files that are taken for checkpoints, what such a file is, and what to do. */
const kinds: readonly {begins: readonly number[]; what: string; remedy: string}[] = [
  {
    begins: [0x80, 2, 0x8a, 0x0a],
    what: "a checkpoint in the form of PyTorch before 1.6, one pickle that cannot be read by range",
    remedy: "load it in a newer PyTorch and save it again: torch.save(torch.load(FILE), NEW)"
  },
  {begins: [0x80], what: "a pickle of Python", remedy: again},
  {begins: [0x89, 0x48, 0x44, 0x46], what: "an HDF5 file, as .h5ad files of cells are", remedy: again},
  {begins: [0x1f, 0x8b], what: "a file packed with gzip", remedy: "unpack it, and give what comes out"},
  {begins: [0x3c], what: "a page of the web", remedy: "check the address, or download the file itself"},
  {begins: [0x7b, 0x22], what: "a JSON file", remedy: again}
];

/**
 * Throws a WorkbookError of domain "checkpoint", code "other-file", that says what the file `name` seems to be, where its `first` bytes are those of
 * another kind than weights. A safetensors file begins with the length of its header, so at the 6th to 8th byte it has zeros.
 */
export function refuseForeign(first: Uint8Array, name: string): void {
  if (first.length >= 8 && first[5] === 0 && first[6] === 0 && first[7] === 0) return;
  const kind = kinds.find(({begins}) => begins.every((byte, i) => first[i] === byte));
  if (kind === undefined) return;
  const {what, remedy} = kind;
  const fault = `${name} seems to be ${what}, and holds no weights that can be read here`;
  throw new WorkbookError({domain: "checkpoint", code: "other-file", fault, remedy});
}
