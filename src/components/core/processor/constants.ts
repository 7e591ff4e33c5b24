import type {Architecture} from "../model/bundle.js";
import {offset} from "./block-form.js";
import {outputBlocks} from "../model/architecture.js";

/** The float32 whose bits are those of the whole number 1. */
const smallest = 2 ** -149;

/** Natural exponent in powers of 2. */
const perE = Math.LOG2E;

/** 2^f for f within a half, from the constant term on: relative error 7.5e-8 (least squares, weighted until the largest error is smallest). */
const powers = [
  1.0000000716558939, 0.6931469670615193, 0.24022119717808704, 0.05550713275876436, 0.00967554166230497,
  0.0013276472146573452
];

/**
 * exp(x^2 / 2) P(Z > x) for x >= 0 and a normal Z, as a polynomial of u = 1 / (1 + 0.35 x) without constant term, from u on: relative error 6e-8 up to x = 14,
 * found as `powers` were.
 */
const tail = [
  0.13962139489229453, 0.13986206434104428, 0.11983121318872528, 0.10551556915795132, -0.023130278141869368,
  0.15920774845660887, -0.2557471758659014, 0.14398937630499523, -0.02914992859118201
];

/**
 * The numbers that functions of a model read at fixed addresses: they stand in the order of this list from the memory's beginning, 4 bytes each. A number in memory is loaded into all lanes
 * in one instruction, where V8 puts a constant together in several.
 */
export function processorConstants(model: Architecture): Map<string, number> {
  const {width, heads, layerNormEpsilon} = model;
  return new Map([
    ["one", 1],
    ["zero", 0],
    // Added, it leaves the nearest whole number in the lowest bits.
    ["rounder", 1.5 * 2 ** 23],
    // Smaller powers are taken for these: far below what float32 adds to a sum, and no product with them is so small that processors slow down.
    ["leastShare", -64],
    ["leastTail", -80],
    ["halfSquare", -perE / 2],
    ["tailStep", 0.35],
    ["epsilon", layerNormEpsilon],
    // Of numbers in two parts of 7 bits.
    ["steps", offset - 1],
    ["1/steps", 1 / (offset - 1)],
    ["splitter", 1.5 * 2 ** 23 + offset],
    ["tiny", 1e-30],
    ["sevenBits", smallest * 127],
    ["scale", perE / Math.sqrt(width / heads)],
    ...powers.map((value, i): [string, number] => [`power${i}`, value]),
    ...tail.map((value, i): [string, number] => [`tail${i}`, value]),
    ...[width, ...outputBlocks(model).map((block) => block.width)].map((size): [string, number] => [
      `1/${size}`,
      1 / size
    ])
  ]);
}

/** Where each of a model's constants stands in memory, in bytes, and where they end. */
export function constantPlaces(model: Architecture): {at: Map<string, number>; end: number} {
  const names = [...processorConstants(model).keys()];
  return {at: new Map(names.map((name, i) => [name, 4 * i])), end: 4 * names.length};
}
