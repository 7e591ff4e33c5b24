import {describe, expect, it} from "vitest";
import {parityRow} from "../../../src/components/core/parity/parity-row.js";
import {unpack} from "../../../src/components/core/parity/expected-values.js";
import {fromBase64, toBase64} from "../../../src/components/core/cells/base64.js";

const parts = {
  id: "a",
  stage: "embed",
  title: "A",
  compared: "a with b",
  unit: "relative error",
  tolerance: 1e-4
} as const;

describe("a row of the parity report", () => {
  it.each([
    [0, true],
    [1e-4, true],
    [1.1e-4, false],
    [Number.NaN, false],
    [Infinity, false]
  ])("with the figure %d passes: %s", (figure, passed) => {
    expect(parityRow({...parts, figure}).passed).toBe(passed);
  });

  it("does not pass with a fault, whatever its figure", () => {
    expect(parityRow({...parts, figure: 0, fault: "no memory"}).passed).toBe(false);
  });

  it.each([
    [6e-4, 1e-4, true],
    [4e-4, 1e-4, false],
    [Number.NaN, 1e-4, false],
    [0, 0, false],
    [1, 0, true]
  ])("notices a control of %d beside a tolerance of %d: %s", (wrong, tolerance, caught) => {
    expect(parityRow({...parts, tolerance, figure: 0, controls: {"another cell": wrong}}).controls[0].caught).toBe(
      caught
    );
  });
});

describe("packed numbers", () => {
  it("come back as they were", () => {
    const values = Float64Array.of(1.5, -2, 1e-300);
    const base64 = toBase64(new Uint8Array(values.buffer));
    expect(unpack({type: "float64", shape: [3], base64})).toEqual(values);
  });

  it("are refused where bytes are missing or text is no base64", () => {
    expect(() => unpack({type: "float64", shape: [2], base64: toBase64(new Uint8Array(8))})).toThrow(/8 bytes for 2/);
    expect(() => fromBase64("a*b=")).toThrow(/holds "\*"/);
  });

  it.each([0, 1, 2, 3, 4, 255])("base64 of %d bytes is read as Node reads it", (length) => {
    const bytes = Uint8Array.from({length}, (_, i) => (i * 89) & 255);
    expect(fromBase64(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
  });
});
