import type {Table} from "apache-arrow";
import type {PipelineEvent} from "../pipeline/events.js";
import {float32Column, int32Column, tableOf, vectorColumn} from "../tables/columns.js";

/** A state on the way to a stage's table: a finished batch of vectors, or a layout as it forms. */
export type LiveFrame = Extract<PipelineEvent, {type: "batch" | "layout"}>;

/**
 * A frame as an Arrow table: row Int32 with embedding FixedSizeList<Float32>, or with x and y Float32. A layout has its epoch
 * and their number in the schema's metadata ("epoch", "epochs").
 */
export function frameTable(frame: LiveFrame): Table {
  if (frame.type === "batch") {
    const {rows, vectors, width} = frame;
    return tableOf([int32Column("row", rows), vectorColumn("embedding", vectors, width)], new Map());
  }
  const {rows, positions, epoch, epochs} = frame;
  const coordinate = (offset: number) => Float32Array.from(rows, (_, i) => positions[2 * i + offset]);
  return tableOf(
    [int32Column("row", rows), float32Column("x", coordinate(0)), float32Column("y", coordinate(1))],
    new Map([
      ["epoch", String(epoch)],
      ["epochs", String(epochs)]
    ])
  );
}
