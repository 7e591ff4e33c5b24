/** How many of the numbers that a thread sees it can keep: more of a cell's nearest in one thread's share are told of by the floor. */
const kept = 3;
export const pickThreads = 256;

/**
 * WGSL of a kernel that picks the `most` largest numbers of each row but its own: a workgroup a row, a thread every 256th number. Bindings: 0 uniform
 * (numbers in a row that count, numbers from row to row, number of the first row), 1 rows (float32), 2 for each row `most` places, largest number
 * first (4294967295 where there are no more), and the floor: no number that was not picked is larger.
 */
export function pickNearest(most: number): string {
  const shift = Array.from({length: kept - 1}, (_, i) => `v${i} = v${i + 1}; i${i} = i${i + 1};`).join(" ");
  const insert = (at: number): string => {
    const moved = Array.from({length: kept - 1 - at}, (_, i) => kept - 1 - i);
    return `${moved.map((i) => `v${i} = v${i - 1}; i${i} = i${i - 1};`).join(" ")} v${at} = value; i${at} = j;`;
  };
  const places = Array.from({length: kept}, (_, i) => `if (value > v${i}) {dropped = v${kept - 1}; ${insert(i)}}`);
  return `
struct Call {count: u32, padded: u32, first: u32}
@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> rows: array<f32>;
@group(0) @binding(2) var<storage, read_write> picked: array<u32>;
const least = -3.0;
const none = 4294967295u;
var<workgroup> values: array<f32, ${pickThreads}>;
var<workgroup> owners: array<u32, ${pickThreads}>;

fn largest(t: u32, mine: f32) {
  workgroupBarrier();
  values[t] = mine;
  owners[t] = t;
  workgroupBarrier();
  for (var step = ${pickThreads / 2}u; step > 0u; step >>= 1u) {
    if (t < step && values[t + step] > values[t]) {
      values[t] = values[t + step];
      owners[t] = owners[t + step];
    }
    workgroupBarrier();
  }
}

@compute @workgroup_size(${pickThreads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let row = group.x;
  let start = row * call.padded;
  let place = row * ${most + 1}u;
  ${Array.from({length: kept}, (_, i) => `var v${i} = least; var i${i} = none;`).join(" ")}
  var dropped = least;
  for (var j = t; j < call.count; j += ${pickThreads}u) {
    let value = rows[start + j];
    if (j == call.first + row || value <= dropped) {continue;}
    ${places.join(" else ")} else {dropped = value;}
  }
  for (var round = 0u; round < ${most}u; round++) {
    largest(t, v0);
    if (t == owners[0]) {
      picked[place + round] = i0;
      ${shift} v${kept - 1} = least; i${kept - 1} = none;
    }
  }
  largest(t, max(v0, dropped));
  if (t == 0u) {picked[place + ${most}u] = bitcast<u32>(values[0]);}
}
`;
}
