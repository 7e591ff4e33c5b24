import {openWasmEncoder, type WasmEncoderOptions} from "../adapters/wasm-encoder.js";
import type {Encoder} from "../core/embed/encoder.js";
import {quickTest, trustedOnly} from "../core/embed/trusted-only.js";
import type {Bundle} from "../core/model/bundle.js";
import {gainsByBlocks} from "../core/model/gains-by-blocks.js";
import {dotsPay} from "../core/processor/dots-pay.js";
import {hasBlocks} from "../core/processor/has-blocks.js";

/**
 * A bundle with our own functions on the processor, if it passes the model's self-test: matrices multiplied in 8-bit blocks as they are stored, where they are so stored, the model gains by it, this machine is faster with
 * them (`pay`), and the vectors are right; else in float32. Throws as `openWasmEncoder` and `trustedOnly`.
 */
export async function openTrustedWasm(
  bundle: Bundle,
  options: Omit<WasmEncoderOptions, "blocks">,
  pay: () => boolean = dotsPay
): Promise<Encoder> {
  const {architecture} = bundle.manifest;
  const {precision, signal} = options;
  const open = async (blocks: boolean): Promise<Encoder> => {
    const encoder = await openWasmEncoder(bundle, {...options, blocks});
    return trustedOnly(bundle, encoder, `wasm ${precision}${blocks ? " blocks" : ""}`, {...quickTest, signal});
  };
  const possible = gainsByBlocks(architecture, precision) && hasBlocks(architecture, precision);
  if (!possible || !pay()) return open(false);
  return open(true).catch(() => {
    signal?.throwIfAborted();
    return open(false);
  });
}
