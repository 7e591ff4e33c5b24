import {
  Field,
  FixedSizeList,
  Float32,
  Int32,
  List,
  RecordBatch,
  Schema,
  Struct,
  Table,
  makeData,
  tableFromIPC,
  tableToIPC
} from "apache-arrow";
import {WorkbookError} from "../errors.js";

/** Sentences of different cells with the embeddings that the model gives them in float32. */
export interface SelfTestCases {
  /** "synthetic" (random genes) or a description of the real cells. */
  origin: string;
  /** Row numbers of the cells, distinct. */
  rows: Int32Array;
  /** Checkpoint token ids of each sentence. */
  sentences: Int32Array[];
  /** Unit vectors, cells x width, row-major. */
  embeddings: Float32Array;
  width: number;
}

/** selftest.arrow (Arrow IPC file): row Int32, tokens List<Int32>, embedding FixedSizeList<Float32>[width]. */
export function encodeSelfTest({origin, rows, sentences, embeddings, width}: SelfTestCases): Uint8Array<ArrayBuffer> {
  const offsets = new Int32Array(sentences.length + 1);
  sentences.forEach((tokens, i) => (offsets[i + 1] = offsets[i] + tokens.length));
  const tokens = new Int32Array(offsets[sentences.length]);
  sentences.forEach((sentence, i) => tokens.set(sentence, offsets[i]));
  const listType = new List(new Field("item", new Int32(), false));
  const vectorType = new FixedSizeList(width, new Field("item", new Float32(), false));
  const length = rows.length;
  const schema = new Schema(
    [
      new Field("row", new Int32(), false),
      new Field("tokens", listType, false),
      new Field("embedding", vectorType, false)
    ],
    new Map([["origin", origin]])
  );
  const children = [
    makeData({type: new Int32(), length, data: rows}),
    makeData({
      type: listType,
      length,
      valueOffsets: offsets,
      child: makeData({type: new Int32(), length: tokens.length, data: tokens})
    }),
    makeData({
      type: vectorType,
      length,
      child: makeData({type: new Float32(), length: embeddings.length, data: embeddings})
    })
  ];
  const data = makeData({type: new Struct(schema.fields), length, nullCount: 0, children});
  return new Uint8Array(tableToIPC(new Table(schema, new RecordBatch(schema, data)), "file"));
}

/** Reads selftest.arrow; throws a WorkbookError of domain "model" if it is not such a table. */
export function decodeSelfTest(bytes: Uint8Array): SelfTestCases {
  try {
    const table = tableFromIPC(bytes);
    const column = (name: string) => {
      const found = table.getChild(name);
      if (found === null) throw new Error(`no column ${name}`);
      return found;
    };
    const [rows, tokens, embedding] = ["row", "tokens", "embedding"].map(column);
    const width = (embedding.type as FixedSizeList).listSize;
    const embeddings = new Float32Array(table.numRows * width);
    const sentences: Int32Array[] = [];
    for (let i = 0; i < table.numRows; ++i) {
      const sentence = tokens.get(i) as {toArray(): Int32Array};
      sentences.push(Int32Array.from(sentence.toArray()));
      embeddings.set((embedding.get(i) as {toArray(): Float32Array}).toArray(), i * width);
    }
    const origin = table.schema.metadata.get("origin") ?? "unknown";
    return {origin, rows: Int32Array.from(rows.toArray() as Int32Array), sentences, embeddings, width};
  } catch (cause) {
    throw new WorkbookError(
      {
        domain: "model",
        code: "bad-self-test",
        fault: "the bundle's self-test cannot be read",
        place: "selftest.arrow",
        remedy: "download the bundle again or convert the checkpoint again"
      },
      {cause}
    );
  }
}
