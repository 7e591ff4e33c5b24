import type {Table} from "apache-arrow";
import {isAbort} from "../errors.js";
import {answerKey} from "../store/stage-keys.js";
import {tableToStreamBytes} from "../tables/file.js";
import type {AnswerName} from "../tables/provenance.js";
import type {QuestionContext} from "./context.js";

/**
 * The table that answers a question about vectors, as Arrow IPC bytes: from the store, or as `make` makes it, and stored then. `parameters` (plain data) are all that
 * it depends on beside the vectors. What cannot be stored is answered all the same. Rejects as `make` does, and where there are no vectors.
 */
export async function keptAnswer(
  context: QuestionContext,
  name: AnswerName,
  parameters: object,
  make: () => Promise<Table>
): Promise<Uint8Array> {
  const {store, vectorsKey} = await context.results();
  const key = await answerKey(vectorsKey, name, parameters);
  const known = await store.read(key, name).catch(() => null);
  if (known !== null) return tableToStreamBytes(known);
  const table = await make();
  await store.write(key, name, table).catch((error: unknown) => {
    if (isAbort(error)) throw error;
  });
  return tableToStreamBytes(table);
}
