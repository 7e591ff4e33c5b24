import {isWorkbookError} from "../../src/components/core/errors.js";
import type {ModelGene, SentenceConstants} from "../../src/components/core/types.js";
import {convertInBrowser} from "../../src/components/runtime/browser/convert-in-browser.js";
import {openWasm} from "./open-wasm.js";

/** What the page asks its converting worker. */
export interface ConvertOrder {
  address: string;
  genes: ModelGene[];
  sentence: SentenceConstants;
}

addEventListener("message", ({data}: MessageEvent<ConvertOrder>) => {
  const {address, genes, sentence} = data;
  convertInBrowser(address, {
    sentence,
    species: [{name: "made up", genes}],
    variants: ["fp32", "int8"],
    allowInexact: true,
    openEncoder: openWasm
  }).then(
    ({hash}) => postMessage({hash}),
    (error: unknown) => postMessage({code: isWorkbookError(error) ? error.code : "defect", message: String(error)})
  );
});
