import {Schema, Table} from "apache-arrow";

/** Key of the facts in the schema metadata. */
const factsKey = "uce-workbook-facts";

/** The same table with what was found beside its columns (plain data without undefined members) in its schema metadata, as JSON. */
export function withAnswerFacts(table: Table, facts: object): Table {
  const metadata = new Map([...table.schema.metadata, [factsKey, JSON.stringify(facts)]]);
  return new Table(new Schema(table.schema.fields, metadata), table.batches);
}

/** What was found beside the columns of an answer's table: `ClusterFacts` of clusters. null for a table that has none. */
export function answerFacts<Facts extends object>(table: Pick<Table, "schema">): Facts | null {
  const text = table.schema.metadata.get(factsKey);
  return text === undefined ? null : (JSON.parse(text) as Facts);
}
