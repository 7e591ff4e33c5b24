import {Table, vectorFromArray} from "apache-arrow";
import {describe, expect, it} from "vitest";
import {embeddingsTable, readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import {type GeneRow, genesTable, readGenes} from "../../../src/components/core/tables/genes.js";
import {readProvenance, withProvenance} from "../../../src/components/core/tables/provenance.js";
import {
  createSentencesBuilder,
  readSentences,
  type SentenceRow,
  sentencesTable
} from "../../../src/components/core/tables/sentences.js";
import {readUmap, umapTable} from "../../../src/components/core/tables/umap.js";
import {
  readProbabilities,
  type ProbabilitiesRow,
  probabilitiesTable
} from "../../../src/components/core/tables/probabilities.js";
import type {CellStatus} from "../../../src/components/core/types.js";
import {codeOf, messageOf} from "./faults.js";
import {embeddings, fields, provenance, sameBytes, sentences, throughFile, wires} from "./made-tables.js";

describe("a sentences table", () => {
  it("has exactly the design's columns and types", () => {
    expect(fields(sentencesTable(sentences(3), provenance))).toEqual({
      row: "Int32",
      cell_id: "Utf8",
      status: "Utf8",
      n_tokens: "Int32",
      tokens: "List<Int32>"
    });
  });

  it.each(wires)("comes back from a %s as it went, over many batches", (_, pass) => {
    const rows = sentences(2500);
    const table = pass(sentencesTable(rows, provenance));
    expect(table.batches).toHaveLength(3);
    const read = readSentences(table);
    expect(
      Array.from(read.rows, (row, i) => ({
        row,
        cellId: read.cellIds[i],
        status: read.status[i],
        tokens: read.tokens(i)
      }))
    ).toEqual(rows);
    expect([...read.nTokens]).toEqual(rows.map(({tokens}) => tokens?.length ?? 0));
  });

  it("has the same bytes whatever the pieces it is built from", () => {
    const rows = sentences(3000);
    const builder = createSentencesBuilder({provenance});
    const batches = [1, 1023, 1, 900, 1075].flatMap((size, i, sizes) => {
      const from = sizes.slice(0, i).reduce((total, value) => total + value, 0);
      return builder.append(rows.slice(from, from + size));
    });
    expect(builder.length).toBe(3000);
    expect(batches.map(({numRows}) => numRows)).toEqual([1024, 1024]);
    expect(sameBytes(builder.finish(), sentencesTable(rows, provenance))).toBe(true);
  });

  it("forgets its batches when told to, so that memory stays flat", () => {
    const builder = createSentencesBuilder({provenance, keep: false});
    expect(builder.append(sentences(1030))).toHaveLength(1);
    expect(builder.flush()[0].numRows).toBe(6);
    expect(builder.finish().numRows).toBe(0);
  });

  it("refuses tokens and status that disagree, with the row", () => {
    const rows: SentenceRow[] = [{row: 41, cellId: "a", status: "empty", tokens: new Int32Array(2)}];
    expect(messageOf(() => sentencesTable(rows, provenance))).toMatch(/row 41 .*status is "empty"/);
  });

  it("reads a slice of itself", () => {
    const rows = sentences(2000);
    const read = readSentences(sentencesTable(rows, provenance).slice(1000, 1300));
    expect(read.rows[0]).toBe(2000);
    expect([0, 2, 24, 299].map((i) => read.tokens(i))).toEqual([1000, 1002, 1024, 1299].map((i) => rows[i].tokens));
  });
});

describe("an embeddings table", () => {
  it("has exactly the design's columns and types", () => {
    expect(fields(embeddingsTable(embeddings(3, 4), provenance))).toEqual({
      row: "Int32",
      cell_id: "Utf8",
      status: "Utf8",
      n_tokens: "Int32",
      embedding: "FixedSizeList[4]<Float32>"
    });
  });

  it.each(wires)("comes back from a %s, nulls where status is not ok", (_, pass) => {
    const made = embeddings(23, 6);
    const table = pass(embeddingsTable(made, provenance));
    expect(table.getChild("embedding")?.get(1)).toBeNull();
    expect(table.getChild("embedding")?.nullCount).toBe(5);
    const read = readEmbeddings(table);
    const kept = made.status.flatMap((state, i) => (state === "ok" ? [i] : []));
    expect([...read.index]).toEqual(kept);
    expect(read.vectors).toEqual(Float32Array.from(kept.flatMap((i) => [...made.vectors.slice(i * 6, i * 6 + 6)])));
    expect({
      rows: read.rows,
      cellIds: read.cellIds,
      status: read.status,
      nTokens: read.nTokens,
      width: read.width
    }).toEqual({rows: made.rows, cellIds: made.cellIds, status: made.status, nTokens: made.nTokens, width: 6});
  });

  it("reads slices and tables of several batches", () => {
    const whole = embeddingsTable(embeddings(30, 3), provenance);
    const pieces = whole.slice(4, 11).concat(whole.slice(17, 30));
    const read = readEmbeddings(throughFile(pieces));
    const all = readEmbeddings(whole);
    const expected = [...all.index].flatMap((row, i) => ((row >= 4 && row < 11) || row >= 17 ? [i] : []));
    expect(read.vectors).toEqual(Float32Array.from(expected.flatMap((i) => [...all.vectors.slice(i * 3, i * 3 + 3)])));
    expect(read.rows).toEqual(Int32Array.from([...all.rows.slice(4, 11), ...all.rows.slice(17, 30)]));
  });

  it("has equal bytes for equal cells, whatever stands in the null rows", () => {
    const made = embeddings(9, 4);
    const dirty = {...made, vectors: made.vectors.slice()};
    dirty.vectors.fill(NaN, 4, 8);
    expect(sameBytes(embeddingsTable(dirty, provenance), embeddingsTable(made, provenance))).toBe(true);
    expect(dirty.vectors[4]).toBeNaN();
  });

  it("takes 20,000 cells of width 512 in well under a second, and shares their memory", () => {
    const made = embeddings(20_000, 512);
    // Processor time, not wall time: other work on the machine must not decide.
    const begin = process.cpuUsage();
    const table = embeddingsTable(made, provenance);
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(800);
    expect(table.getChild("embedding")?.data[0].children[0].values.buffer === made.vectors.buffer).toBe(true);
  });

  it("takes no cell, and no cell with an embedding", () => {
    expect(readEmbeddings(throughFile(embeddingsTable({...embeddings(0, 8)}, provenance))).rows).toHaveLength(0);
    const none = {...embeddings(2, 8), status: ["empty", "failed"] as CellStatus[]};
    expect(readEmbeddings(throughFile(embeddingsTable(none, provenance))).index).toHaveLength(0);
  });

  it("refuses a value that is not finite, and sizes that disagree with both numbers", () => {
    const made = embeddings(4, 4);
    made.vectors[13] = Infinity;
    expect(messageOf(() => embeddingsTable(made, provenance))).toMatch(/"embedding" of row 3 .*not finite/);
    expect(messageOf(() => embeddingsTable({...made, width: 3}, provenance))).toMatch(/12 values, but 16 came/);
    expect(
      messageOf(() => embeddingsTable({...made, cellIds: ["a"], vectors: new Float32Array(16)}, provenance))
    ).toMatch(/"cell_id" has 1 values where the table has 4 rows/);
  });

  it("is refused by readers when it is another table: expected and found columns are named", () => {
    const other = umapTable({rows: new Int32Array(1), cellIds: ["a"], positions: new Float32Array(2)}, provenance);
    const message = messageOf(() => readEmbeddings(other));
    expect(message).toMatch(/not an embeddings table/);
    expect(message).toMatch(/embedding: FixedSizeList<Float32>/);
    expect(message).toMatch(/x: Float32, y: Float32/);
    expect(codeOf(() => readSentences(other))).toBe("wrong-columns");
  });

  it("is refused where a null stands beside status ok", () => {
    const made = embeddings(6, 2);
    const table = embeddingsTable(made, provenance);
    const wrong = new Table({
      ...Object.fromEntries(table.schema.fields.map(({name}) => [name, table.getChild(name)])),
      status: vectorFromArray(made.status.map(() => "ok"))
    });
    expect(messageOf(() => readEmbeddings(wrong))).toMatch(/row 1 .*is null though its status is "ok"/);
  });
});

describe("a genes, a probabilities and a umap table", () => {
  const genes: GeneRow[] = [
    {symbol: "TP53", repaired: null, model: {chromosome: 580, start: 7_661_779, token: 14_000}},
    {symbol: "SEPT9", repaired: "SEPTIN9", model: {chromosome: 560, start: 77_280_569, token: 14_001}},
    {symbol: "ERCC-1", repaired: null, model: null}
  ];
  const probabilities: ProbabilitiesRow[] = [
    {row: 3, genes: Int32Array.of(0, 4), probabilities: Float32Array.of(0.25, 0.75)},
    {row: 4, genes: null, probabilities: null}
  ];

  it("have exactly the design's columns and types", () => {
    expect(fields(genesTable(genes, provenance))).toEqual({
      symbol: "Utf8",
      repaired: "Utf8",
      matched: "Bool",
      chromosome: "Int32",
      start: "Int32",
      token: "Int32"
    });
    expect(fields(probabilitiesTable(probabilities, provenance))).toEqual({
      row: "Int32",
      gene: "List<Int32>",
      probability: "List<Float32>"
    });
    expect(
      fields(umapTable({rows: Int32Array.of(1), cellIds: ["a"], positions: new Float32Array(2)}, provenance))
    ).toEqual({row: "Int32", cell_id: "Utf8", x: "Float32", y: "Float32"});
  });

  it("come back as they went", () => {
    expect(readGenes(throughFile(genesTable(genes, provenance)))).toEqual(genes);
    expect(readProbabilities(throughFile(probabilitiesTable(probabilities, provenance)))).toEqual(probabilities);
    const map = {
      rows: Int32Array.of(5, 6, 9),
      cellIds: ["a", "b", "c"],
      positions: Float32Array.of(1, 2, 3, 4),
      index: Int32Array.of(0, 2)
    };
    const table = throughFile(umapTable(map, provenance));
    expect(table.getChild("x")?.get(1)).toBeNull();
    expect(readUmap(table)).toEqual(map);
  });

  it("refuse sizes that disagree", () => {
    const half = {rows: Int32Array.of(1, 2), cellIds: ["a", "b"], positions: new Float32Array(2)};
    expect(messageOf(() => umapTable(half, provenance))).toMatch(/4 coordinates, but 2/);
    const uneven = [{row: 8, genes: new Int32Array(2), probabilities: new Float32Array(1)}];
    expect(messageOf(() => probabilitiesTable(uneven, provenance))).toMatch(/row 8 .*2 genes and 1 probabilities/);
  });
});

describe("provenance", () => {
  it("comes back from a file, and has equal bytes whatever the order of its keys", () => {
    const table = sentencesTable(sentences(2), provenance);
    expect(readProvenance(throughFile(table))).toEqual(provenance);
    const {format, ...others} = provenance;
    const reordered = {...others, parameters: {average: 1, sampling: "reference"}, format};
    expect(sameBytes(withProvenance(table, reordered), table)).toBe(true);
  });

  it("is null where a table has none, and refused where it is of another format", () => {
    const bare = new Table({a: vectorFromArray(Int32Array.of(1))});
    expect(readProvenance(bare)).toBeNull();
    const later = withProvenance(bare, {...provenance, format: 2 as 1});
    expect(messageOf(() => readProvenance(later))).toMatch(/format 2.*reads format 1/);
  });
});
