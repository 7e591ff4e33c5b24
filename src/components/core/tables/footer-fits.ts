/** Places of the parts that are looked at, in the order of Arrow's File.fbs and Schema.fbs. */
const footer = {schema: 1, dictionaries: 2, recordBatches: 3};
const schema = {fields: 1, metadata: 2};
const field = {name: 0, children: 5, metadata: 6};
const keyValue = {key: 0, value: 1};
/** Bytes of a Block: offset, length of its metadata, padding, length of its body. */
const blockBytes = 24;

/**
 * True if the footer of an Arrow IPC file (a flatbuffer in `bytes`) holds together: its tables, lists and texts end before it does, and messages stand in the
 * file where it says. The library believes whatever length stands there, and fills the memory with as many batches.
 */
export function footerFits(bytes: Uint8Array, file: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // Parts that are named again and again would be looked at as often.
  let left = bytes.length;
  try {
    const root = table(view, at(view, 0));
    for (const name of ["dictionaries", "recordBatches"] as const) {
      const {first, length} = list(view, root(footer[name]), blockBytes);
      for (let i = 0; i < length; ++i) requireBlock(view, first + i * blockBytes, file);
    }
    const place = root(footer.schema);
    require(place !== 0);
    const described = table(view, at(view, place));
    fieldsFit(described(schema.fields));
    metadataFits(described(schema.metadata));
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }

  function fieldsFit(place: number): void {
    for (const one of tables(place)) {
      list(view, one(field.name), 1);
      metadataFits(one(field.metadata));
      fieldsFit(one(field.children));
    }
  }

  function metadataFits(place: number): void {
    for (const one of tables(place)) for (const part of Object.values(keyValue)) list(view, one(part), 1);
  }

  function* tables(place: number): Generator<Places> {
    const {first, length} = list(view, place, 4);
    for (let i = 0; i < length; ++i) {
      require(--left > 0);
      yield table(view, at(view, first + 4 * i));
    }
  }
}

/** Where a table has its part of a number; 0 where it has none. */
type Places = (part: number) => number;

/** Throws a RangeError, as a DataView does beyond its end. */
function require(holds: boolean): void {
  if (!holds) throw new RangeError("beyond its end");
}

/** The place that the offset at `place` leads to. */
function at(view: DataView, place: number): number {
  return place + view.getUint32(place, true);
}

function table(view: DataView, place: number): Places {
  const places = place - view.getInt32(place, true);
  const size = view.getUint16(places, true);
  require(size >= 4 && places + size <= view.byteLength);
  return (part) => {
    const offset = 4 + 2 * part < size ? view.getUint16(places + 4 + 2 * part, true) : 0;
    return offset === 0 ? 0 : place + offset;
  };
}

function list(view: DataView, place: number, itemBytes: number): {first: number; length: number} {
  if (place === 0) return {first: 0, length: 0};
  const start = at(view, place);
  const length = view.getUint32(start, true);
  require(start + 4 + length * itemBytes <= view.byteLength);
  return {first: start + 4, length};
}

/** A message is its marker, the length of its metadata, these, and its body. */
function requireBlock(view: DataView, place: number, file: Uint8Array): void {
  const [offset, metadata, body] = [
    Number(view.getBigInt64(place, true)),
    view.getInt32(place + 8, true),
    Number(view.getBigInt64(place + 16, true))
  ];
  require(offset >= 8 && metadata > 8 && body >= 0 && offset + metadata + body <= file.length);
  const message = new DataView(file.buffer, file.byteOffset + offset, metadata);
  require(message.getInt32(0, true) === -1 && message.getInt32(4, true) === metadata - 8);
}
