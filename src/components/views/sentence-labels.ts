/** A column of a picture that may be named: where its top stands, CSS pixels, and how much it matters. */
export interface NamedColumn {
  name: string;
  /** Strip that it stands on, from 0. */
  line: number;
  x: number;
  /** Top of the column. */
  y: number;
  times: number;
}

/** A name in its place: the text's start and baseline, and where its leader line begins and ends. */
export interface PlacedName {
  name: string;
  x: number;
  y: number;
  leader: [x1: number, y1: number, x2: number, y2: number];
}

/** The room for names: the picture's width, and top and bottom of a strip. */
export interface NameRoom {
  width: number;
  bandOf(line: number): [top: number, bottom: number];
  /** Height of the letters, and the most that one is wide. */
  size: number;
  letter: number;
}

type Box = [left: number, top: number, right: number, bottom: number];

const gap = 3;
/** Where a name is tried: how far beside its column, and how far below the strip's upper edge. */
const beside = [5, 12, 20, 30, 42];
const apart = (a: Box, b: Box): boolean => a[2] + gap <= b[0] || b[2] + gap <= a[0] || a[3] <= b[1] || b[3] <= a[1];

/**
 * Places for the names of the most drawn columns, at most `most`, those drawn more often first: to the right or left of a column's top,
 * within its strip, so that no name lies on another, on a column, or on another's leader line. Columns without room stay without a name,
 * and so do those drawn once. Greedy, as labels on maps are placed (Christensen, Marks and Shieber 1995).
 */
export function sentenceLabels(columns: readonly NamedColumn[], most: number, room: NameRoom): PlacedName[] {
  const taken = columns.map(({line, x, y}): Box => [x - 1.5, y - 2, x + 1.5, room.bandOf(line)[1]]);
  const placed: PlacedName[] = [];
  const wanted = columns.filter(({times}) => times > 1).sort((a, b) => b.times - a.times || a.x - b.x);
  for (const column of wanted) {
    if (placed.length === most) break;
    const found = firstFree(column, taken, room);
    if (found === null) continue;
    placed.push(found.name);
    taken.push(...found.boxes);
  }
  return placed;
}

function firstFree(
  column: NamedColumn,
  taken: readonly Box[],
  room: NameRoom
): {name: PlacedName; boxes: Box[]} | null {
  const {name, line, x, y} = column;
  const [top, bottom] = room.bandOf(line);
  const width = name.length * room.letter;
  const own: Box = [x - 1.5, y - 2, x + 1.5, bottom];
  const others = taken.filter((box) => box.some((edge, i) => edge !== own[i]));
  for (const distance of beside) {
    for (let under = top; under + room.size <= bottom - 2; under += 4) {
      for (const side of [1, -1]) {
        const start = side > 0 ? x + distance : x - distance - width;
        const text: Box = [start, under, start + width, under + room.size];
        if (start < 0 || start + width > room.width) continue;
        const middle = under + room.size / 2;
        const end = side > 0 ? start - 1 : start + width + 1;
        const line: Box = [Math.min(x, end), Math.min(y, middle), Math.max(x, end), Math.max(y, middle)];
        if (others.every((box) => apart(text, box) && (distance === beside[0] || apart(line, box))) && apart(text, own))
          return {
            name: {name, x: start, y: under + room.size - 2, leader: [x, y - 1, end, middle]},
            boxes: [text]
          };
      }
    }
  }
  return null;
}
