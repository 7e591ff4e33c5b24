// In place of runtime/browser/encoder-choices.ts in the worker of feeding-in-browser.ts: a device that waits, whose use the worker's console tells.
import {waitingEncoder} from "../../scripts/bench/waiting-encoder.js";
import type {EncoderChoice} from "../../src/components/core/embed/resilient-encoder.js";

declare const MS_PER_CELL: number;
declare const MS_TO_OPEN: number;

/** The made-up device alone, whatever backend is asked for. */
export async function encoderChoices(): Promise<EncoderChoice[]> {
  const open = async () => {
    await new Promise((resolve) => setTimeout(resolve, MS_TO_OPEN));
    return waitingEncoder({msPerCell: MS_PER_CELL, onClose: (use) => console.info(`device ${JSON.stringify(use)}`)});
  };
  return [{label: "a device that waits", open}];
}
