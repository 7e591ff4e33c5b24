/** Machine code of a WebAssembly function's body, byte by byte. */
export type Code = readonly number[];

/** A function of a module: takes 32-bit whole numbers, gives nothing back. */
export interface WasmFunction {
  name: string;
  /** 32-bit parameters: locals 0, 1, ... */
  parameters: number;
  /** Further 32-bit locals, after the parameters. */
  numbers: number;
  /** 64-bit locals, after the numbers; none unless told. */
  longs?: number;
  /** 128-bit locals, after those. */
  vectors: number;
  body: Code;
}

const opcode = {
  block: 0x02,
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  i32: 0x7f,
  i64: 0x7e,
  v128: 0x7b,
  empty: 0x40,
  simd: 0xfd
};

/** Numbers that a vector of 128 bits holds side by side. */
export type LaneType = "float32" | "float64";

/** Of each type: bytes of a number, and the instructions that load one into all lanes, add, multiply, and do both (relaxed). */
const lanes = {
  float32: {bytes: 4, splat: 9, plus: 0xe4, times: 0xe6, fused: 0x105},
  float64: {bytes: 8, splat: 10, plus: 0xf0, times: 0xf2, fused: 0x107}
};

/** What bodies do with vectors of a type. */
export const vectorsOf = (type: LaneType) => {
  const {bytes, splat, plus, times, fused} = lanes[type];
  return {
    /** Bytes of a number. */
    bytes,
    /** One number at an address plus a fixed offset (bytes, a multiple of 4) in all lanes. */
    splat: (address: Code, offset: number): Code => [...address, opcode.simd, splat, 2, ...unsigned(offset)],
    plus: (a: Code, b: Code): Code => [...a, ...b, opcode.simd, ...unsigned(plus)],
    times: (a: Code, b: Code): Code => [...a, ...b, opcode.simd, ...unsigned(times)],
    /** a b + c, rounded once or twice as the processor likes: of the relaxed SIMD instructions, which not every engine has. */
    fused: (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, opcode.simd, ...unsigned(fused)]
  };
};

/** What bodies are written with: each gives the bytes of an instruction, or of several with their operands before them. */
export const wasm = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)],
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  /** Zeros in all lanes. */
  zeros: (): Code => [opcode.simd, ...unsigned(12), ...new Array<number>(16).fill(0)],
  /** The 32-bit number at an address plus a fixed offset (bytes, a multiple of 4). */
  number: (address: Code, offset: number): Code => [...address, 0x28, 2, ...unsigned(offset)],
  /** The 128 bits at an address plus a fixed offset (bytes, a multiple of 4). */
  load: (address: Code, offset: number): Code => [...address, opcode.simd, 0, 2, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    opcode.simd,
    11,
    2,
    ...unsigned(offset)
  ],
  /** 1 where a is below b, both without signs; else 0. */
  below: (a: Code, b: Code): Code => [...a, ...b, 0x49],
  /** Runs `body` once, and again as long as `condition` is not 0. */
  again: (body: Code, condition: Code): Code => [
    opcode.loop,
    opcode.empty,
    ...body,
    ...condition,
    opcode.branchIf,
    0,
    opcode.end
  ],
  /** Runs `body` with `local` from its value on in steps, as long as it is below `end`; at least once. */
  repeat: (local: number, step: number, end: Code, body: Code): Code =>
    wasm.again(
      [...body, ...wasm.set(local, wasm.add(wasm.get(local), wasm.constant(step)))],
      wasm.below(wasm.get(local), end)
    )
};

/** Further instructions of four float32 numbers side by side, or of their bits. */
export const fours = {
  minus: (a: Code, b: Code): Code => [...a, ...b, opcode.simd, ...unsigned(0xe5)],
  over: (a: Code, b: Code): Code => [...a, ...b, opcode.simd, ...unsigned(0xe7)],
  root: (a: Code): Code => [...a, opcode.simd, ...unsigned(0xe3)],
  magnitude: (a: Code): Code => [...a, opcode.simd, ...unsigned(0xe0)],
  /** The larger of both; a where it is NaN, and where b is. */
  larger: (a: Code, b: Code): Code => [...a, ...b, opcode.simd, ...unsigned(0xeb)],
  /** Their bits as whole numbers, moved up; zeros come in. */
  shiftLeft: (a: Code, bits: number): Code => [...a, ...wasm.constant(bits), opcode.simd, ...unsigned(0xab)],
  /** Their bits as whole numbers, added. */
  plusBits: (a: Code, b: Code): Code => [...a, ...b, opcode.simd, ...unsigned(0xae)],
  /** Their bits as whole numbers, moved down; zeros come in. */
  shiftRight: (a: Code, bits: number): Code => [...a, ...wasm.constant(bits), opcode.simd, ...unsigned(0xad)],
  /** The bits that both have. */
  both: (a: Code, b: Code): Code => [...a, ...b, opcode.simd, ...unsigned(0x4e)],
  /** Whole numbers as float32. */
  asFloats: (a: Code): Code => [...a, opcode.simd, ...unsigned(0xfa)],
  /** Four vectors of whole numbers from 0 to 255 as the 16 bytes of one. */
  bytesOf: (a: Code, b: Code, c: Code, d: Code): Code => [
    ...[...a, ...b, opcode.simd, ...unsigned(0x86)],
    ...[...c, ...d, opcode.simd, ...unsigned(0x86)],
    ...[opcode.simd, ...unsigned(0x66)]
  ],
  /** c plus, in each lane, the sum of four products of bytes of a (-128 to 127) with bytes of b (0 to 127): of the relaxed SIMD instructions, the same on every machine for such b. */
  dotBytes: (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, opcode.simd, ...unsigned(0x113)],
  /** The same without relaxed SIMD: several times slower. */
  dotBytesExactly: (a: Code, b: Code, c: Code): Code => {
    const sums = (half: number): Code => [...a, ...b, opcode.simd, ...unsigned(half), opcode.simd, ...unsigned(0x7e)];
    const [low, high] = [sums(0x9c), sums(0x9d)];
    const together = fours.plusBits(fours.pick(low, high, [0, 2, 4, 6]), fours.pick(low, high, [1, 3, 5, 7]));
    return fours.plusBits(together, c);
  },
  /** Four lanes of a (0 to 3) and b (4 to 7). */
  pick: (a: Code, b: Code, lanes: readonly [number, number, number, number]): Code => [
    ...a,
    ...b,
    opcode.simd,
    13,
    ...lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3])
  ]
};

/** Instructions of 64-bit whole numbers, without signs. */
export const longs = {
  long: (value: bigint): Code => [0x42, ...signedLong(value)],
  load: (address: Code, offset: number): Code => [...address, 0x29, 3, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [...address, ...value, 0x37, 3, ...unsigned(offset)],
  plus: (a: Code, b: Code): Code => [...a, ...b, 0x7c],
  times: (a: Code, b: Code): Code => [...a, ...b, 0x7e],
  and: (a: Code, b: Code): Code => [...a, ...b, 0x83],
  xor: (a: Code, b: Code): Code => [...a, ...b, 0x85],
  shiftRight: (a: Code, by: Code): Code => [...a, ...by, 0x88],
  rotateRight: (a: Code, by: Code): Code => [...a, ...by, 0x8a],
  /** 1 where a is below b, else 0. */
  isBelow: (a: Code, b: Code): Code => [...a, ...b, 0x54, 0xad],
  /** A number below 2^63 as float64, times a constant. */
  asFloat: (a: Code, factor: number): Code => [
    ...a,
    0xb9,
    0x44,
    ...new Uint8Array(Float64Array.of(factor).buffer),
    0xa2
  ],
  storeFloat: (address: Code, offset: number, value: Code): Code => [...address, ...value, 0x39, 3, ...unsigned(offset)]
};

/** Pages of 64 KB that a memory can have. */
const mostPages = 65_536;

/**
 * The bytes of a module of these functions over an imported memory, `env.memory` (WebAssembly 2.0 with 128-bit SIMD). `shared`: a memory that threads share, which
 * must be told its most pages.
 */
export function assemble(functions: readonly WasmFunction[], {shared = false} = {}): Uint8Array<ArrayBuffer> {
  const list = (items: Code[]): Code => [...unsigned(items.length), ...items.flat()];
  const text = (value: string): Code => list(Array.from(value, (letter) => [letter.charCodeAt(0)]));
  const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
  const type = ({parameters}: WasmFunction): Code => [0x60, ...list(new Array<Code>(parameters).fill([opcode.i32])), 0];
  const body = ({numbers, longs: long = 0, vectors, body: code}: WasmFunction): Code => {
    const locals = list([
      [...unsigned(numbers), opcode.i32],
      [...unsigned(long), opcode.i64],
      [...unsigned(vectors), opcode.v128]
    ]);
    return [...unsigned(locals.length + code.length + 1), ...locals, ...code, opcode.end];
  };
  const limits: Code = shared ? [3, 1, ...unsigned(mostPages)] : [0, 1];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(functions.map(type))),
    ...section(2, list([[...text("env"), ...text("memory"), 2, ...limits]])),
    ...section(3, list(functions.map((_, i) => unsigned(i)))),
    ...section(7, list(functions.map(({name}, i) => [...text(name), 0, ...unsigned(i)]))),
    ...section(10, list(functions.map(body)))
  ]);
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 0x7f];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function signedLong(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt.asIntN(64, value); ; rest >>= 7n) {
    if (rest >= -64n && rest < 64n) return [...bytes, Number(rest & 0x7fn)];
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}
