import {relativeError} from "../vectors/relative-error.js";
import {arithmeticTolerance} from "./arithmetic-tolerance.js";
import {parityRow, type ParityRow} from "./parity-row.js";

/** Outputs of all layers for some rows of some sentences: layers x rows x width, flat for each layer. */
export interface LayersToCompare {
  ours: readonly Float32Array[];
  /** The same rows of other cells' sentences. */
  anotherCell: readonly Float32Array[];
  expected: readonly ArrayLike<number>[];
  width: number;
  /** Display name of the device, and its backend. */
  device: string;
  backend: string;
  /** What the reference is ("numpy's float64"), and of what ("5 tokens of 3 cells"). */
  reference: string;
  of: string;
}

/** A row for every layer's output. */
export function compareLayers(layers: LayersToCompare): ParityRow[] {
  const {ours, anotherCell, expected, width, device, backend, reference, of} = layers;
  return ours.map((output, layer) => {
    const last = layer === ours.length - 1;
    const rows = output.length / width;
    return parityRow({
      id: `layer-${layer + 1}`,
      stage: "embed",
      title: `Layer ${layer + 1}`,
      compared: `its output for ${last ? "CLS, the only row that the last layer computes" : of}, on ${device}, with ${reference}`,
      unit: "relative error",
      figure: relativeError(output, expected[layer], rows, width),
      tolerance: arithmeticTolerance(backend),
      controls: {"another cell": relativeError(anotherCell[layer], expected[layer], rows, width)},
      phase: 2
    });
  });
}
