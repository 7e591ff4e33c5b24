import {RecordBatch, RecordBatchFileWriter, type Schema, type Table} from "apache-arrow";

/**
 * The Arrow IPC file of the record batches of `tables`, piece by piece, under `schema` (of which the tables' may differ in
 * metadata only). One table is in memory at a time.
 */
export async function* fileOfBatches(
  schema: Schema,
  tables: AsyncIterable<Table> | Iterable<Table>
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = new PieceWriter();
  for await (const table of tables) {
    for (const batch of table.batches) {
      writer.write(new RecordBatch(schema, batch.data));
      yield* writer.taken();
    }
  }
  writer.finish();
  yield* writer.taken();
}

/** Hands its bytes out as they come, where the library's collects them all. */
class PieceWriter extends RecordBatchFileWriter {
  private pieces: Uint8Array[] = [];

  taken(): Uint8Array[] {
    const {pieces} = this;
    this.pieces = [];
    return pieces;
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started || chunk.byteLength === 0) return this;
    this.pieces.push(new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength));
    this._position += chunk.byteLength;
    return this;
  }
}
