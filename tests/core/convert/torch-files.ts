import {unzipSync, zipSync} from "fflate";
import {originalBytes} from "./original-fixture.js";

type Files = Record<string, Uint8Array>;

/** A byte a letter. */
export const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
/** The files of the archive that torch.save wrote. */
export const whole = unzipSync(originalBytes()) as Files;
/** That archive with other files in it; nothing is packed unless `level` says so. */
export const zipped = (change: (files: Files) => void, level: 0 | 6 = 0): Uint8Array => {
  const files = {...whole};
  change(files);
  return zipSync(files, {level});
};
/** That archive with another pickle. */
export const withPickle = (pickle: string) => zipped((files) => (files["model/data.pkl"] = latin(pickle)));
