// Writes a checkpoint of the original UCE in exactly the public layout and size, 4 layers (3.4 GB) or 33 (5.7 GB), its weights being hashes of their
// places: to measure conversion and speed where the real one cannot be had.
//   node --import tsx scripts/make-original-checkpoint.ts FILE.torch [LAYERS]
import {publishedOriginal, writeOriginalCheckpoint} from "./original-checkpoint.js";

const [path, layers = "4"] = process.argv.slice(2);
if (path === undefined || !/^[1-9]\d?$/.test(layers)) {
  console.error("usage: make-original-checkpoint.ts FILE.torch [LAYERS]");
  process.exit(1);
}
await writeOriginalCheckpoint(path, publishedOriginal(Number(layers)));
