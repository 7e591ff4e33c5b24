// Writes a checkpoint of exactly the published layout and size (145,469 x 5120, 8 layers, 512 wide; 3.1 GB) into a folder, its
// weights being hashes of their places: to measure conversion where the real one cannot be had.
//   node --import tsx scripts/make-large-checkpoint.ts FOLDER
import {writeLargeCheckpoint} from "./large-checkpoint.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: make-large-checkpoint.ts FOLDER");
  process.exit(1);
}
await writeLargeCheckpoint(folder);
