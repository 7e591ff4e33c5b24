import {describe, expect, test} from "vitest";
import {createRandom} from "../../src/components/core/random.js";
import {type NamedColumn, type PlacedName, sentenceLabels} from "../../src/components/views/sentence-labels.js";

const bandOf = (line: number): [number, number] => [line * 36, line * 36 + 32];
const room = {width: 800, bandOf, size: 11, letter: 7.4};

/** 300 columns on 12 strips. */
function columns(): NamedColumn[] {
  const random = createRandom(5);
  return Array.from({length: 300}, (_, i) => {
    const line = i % 12;
    const times = 1 + Math.floor(6 * random.next() ** 3);
    return {name: `GENE${i}`, line, times, x: 60 + 720 * random.next(), y: bandOf(line)[1] - 4 * times};
  });
}

type Box = [left: number, top: number, right: number, bottom: number];
const boxOf = ({name, x, y}: PlacedName): Box => [x, y - 9, x + name.length * room.letter, y + 2];
const meet = (a: Box, b: Box) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

describe("names in the picture of a sentence", () => {
  const all = columns();
  const placed = sentenceLabels(all, 60, room);

  test("lie on no other name, on no column, and inside their strip and the picture", () => {
    expect(placed.length).toBeGreaterThan(20);
    placed.forEach((one, i) => {
      expect(placed.slice(i + 1).filter((other) => meet(boxOf(one), boxOf(other)))).toEqual([]);
      const hidden = all.filter(({line, x, y}) => meet(boxOf(one), [x - 1, y - 2, x + 1, bandOf(line)[1]]));
      expect(hidden).toEqual([]);
      const {line} = all.find(({name}) => name === one.name)!;
      const [left, top, right, bottom] = boxOf(one);
      expect(left >= 0 && right <= room.width && top >= bandOf(line)[0] && bottom <= bandOf(line)[1]).toBe(true);
    });
  });

  test("are those of the columns drawn most often, with a line to the column", () => {
    const times = new Map(all.map(({name, times}) => [name, times]));
    const drawn = placed.map(({name}) => times.get(name)!);
    expect(drawn).toEqual([...drawn].sort((a, b) => b - a));
    expect(Math.min(...drawn)).toBeGreaterThan(1);
    for (const {name, leader} of placed) expect(leader[0]).toBe(all.find((column) => column.name === name)!.x);
    expect(sentenceLabels(all, 7, room).map(({name}) => name)).toEqual(placed.slice(0, 7).map(({name}) => name));
  });
});
