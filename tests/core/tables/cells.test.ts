import {DataType} from "apache-arrow";
import {describe, expect, it} from "vitest";
import {cellsTable, type ObsColumn, readCells} from "../../../src/components/core/tables/cells.js";
import type {CellStatus} from "../../../src/components/core/types.js";
import {messageOf} from "./faults.js";
import {fields, provenance, sameBytes, wires} from "./made-tables.js";

describe("a cells table", () => {
  const obs: ObsColumn[] = [
    {name: "cell_type", kind: "categorical", codes: Int32Array.of(1, -1, 0), categories: ["neuron", 'glia, "outer"']},
    {name: "donor", kind: "categorical", codes: Int32Array.of(0, 0, 0), categories: ["d1"]},
    {name: "note", kind: "text", values: ["é", null, ""]},
    {name: "score", kind: "number", values: Float64Array.of(0.5, NaN, -1), valid: Uint8Array.of(1, 1, 0)},
    {name: "age", kind: "integer", values: Int32Array.of(4, 5, 6)},
    {name: "doublet", kind: "boolean", values: Uint8Array.of(1, 0, 0), valid: Uint8Array.of(1, 1, 0)},
    {name: "row", kind: "integer", values: Int32Array.of(7, 8, 9)}
  ];
  const cells = {
    rows: Int32Array.of(0, 1, 5),
    cellIds: ["a", "b", "b"],
    status: ["ok", "empty", "ok"] as CellStatus[],
    totalCounts: Float64Array.of(10, 0, 5),
    nGenes: Int32Array.of(3, 0, 4),
    alignedCounts: Float64Array.of(9, 0, 5),
    obs
  };

  it("has the design's columns, the file's under a prefix", () => {
    const table = cellsTable(cells, provenance);
    expect(fields(table)).toMatchObject({
      row: "Int32",
      cell_id: "Utf8",
      status: "Utf8",
      total_counts: "Float64",
      n_genes: "Int32",
      aligned_counts: "Float64",
      "obs:note": "Utf8",
      "obs:score": "Float64",
      "obs:age": "Int32",
      "obs:doublet": "Bool",
      "obs:row": "Int32"
    });
    expect(DataType.isDictionary(table.getChild("obs:cell_type")?.type)).toBe(true);
  });

  it.each(wires)("comes back from a %s with nulls and categories kept", (_, pass) => {
    const read = readCells(pass(cellsTable(cells, provenance)));
    const zeroed = obs.map((column) =>
      column.kind === "number" ? {...column, values: Float64Array.of(0.5, NaN, 0)} : column
    );
    expect(read).toEqual({...cells, obs: zeroed});
  });

  it("has equal bytes when made twice in one process", () => {
    expect(sameBytes(cellsTable(cells, provenance), cellsTable(cells, provenance))).toBe(true);
  });

  it("keeps categories together over pieces with dictionaries of their own", () => {
    const others: ObsColumn = {
      name: "cell_type",
      kind: "categorical",
      codes: Int32Array.of(0, 1, 0),
      categories: ['glia, "outer"', "new"]
    };
    const more = {...cells, obs: [others]};
    const both = [cells, more].map((part) => cellsTable({...part, obs: [part.obs[0]]}, provenance));
    const read = readCells(both[0].concat(both[1])).obs[0];
    expect(read).toEqual({
      name: "cell_type",
      kind: "categorical",
      codes: Int32Array.of(1, -1, 0, 1, 2, 1),
      categories: ["neuron", 'glia, "outer"', "new"]
    });
  });

  it("refuses two columns of one name and codes without a category", () => {
    expect(messageOf(() => cellsTable({...cells, obs: [obs[4], obs[4]]}, provenance))).toMatch(
      /Two columns are named "obs:age"/
    );
    const bad: ObsColumn = {name: "t", kind: "categorical", codes: Int32Array.of(0, 1, 2), categories: ["a", "b"]};
    expect(messageOf(() => cellsTable({...cells, obs: [bad]}, provenance))).toMatch(/code 2, but only 2 categories/);
  });
});
