import {OnnxBuilder} from "./onnx-builder.js";

/** What the expression graph is made for. */
export interface ExpressionGraphShape {
  /** Rows of the folded table, shared with the encoder. */
  tableRows: number;
  /** Width of the table. */
  width: number;
  /** Width of a cell's embedding. */
  outputWidth: number;
  /** Widths of the head, input (outputWidth + width) and output (1) included. */
  widths: readonly number[];
  layerNormEpsilon: number;
}

/**
 * The expression head as an ONNX model without its weights: inputs `cell` (float32, batch x outputWidth, embeddings)
 * and `rows` (int32, genes, rows of the folded table); output `logits` (float32, batch x genes). The first Linear is
 * split into a cell part and a gene part, so that each is computed once.
 */
export function expressionGraph(shape: ExpressionGraphShape): Uint8Array<ArrayBuffer> {
  const {tableRows, width, outputWidth, widths, layerNormEpsilon: epsilon} = shape;
  const graph = new OnnxBuilder();
  const cell = graph.input("cell", "float32", ["batch", outputWidth]);
  const rows = graph.input("rows", "int32", ["genes"]);
  const weight = (name: string, ...sizes: number[]) => graph.external(name, "float32", sizes);
  const tokens = graph.node("Gather", [weight("table", tableRows, width), rows], "tokens", {axis: {int: 0}});
  const hidden = widths[1];
  const cellPart = graph.node("MatMul", [cell, weight("cell.weight", outputWidth, hidden)], "cellPart");
  const cellRows = graph.node("Unsqueeze", [cellPart, graph.constant("axis", [1], [1])], "cellRows");
  const genePart = graph.node("MatMul", [tokens, weight("gene.weight", width, hidden)], "genePart");
  const geneRows = graph.node("Add", [genePart, weight("linear.0.bias", hidden)], "geneRows");
  let x = graph.node("Add", [cellRows, geneRows], "linear.0");
  for (let block = 1; block < widths.length - 1; ++block) {
    const [inputs, outputs] = [widths[block], widths[block + 1]];
    // LayerNorm's bias is added by BiasGelu: one operator fewer, and one that every backend has.
    const normed = graph.node("LayerNormalization", [x, weight(`norm.${block - 1}.weight`, inputs)], `norm.${block}`, {
      axis: {int: -1},
      epsilon: {float: epsilon}
    });
    const active = graph.fused("BiasGelu", [normed, weight(`norm.${block - 1}.bias`, inputs)], `gelu.${block}`);
    const product = graph.node(
      "MatMul",
      [active, weight(`linear.${block}.weight`, inputs, outputs)],
      `product.${block}`
    );
    x = graph.node("Add", [product, weight(`linear.${block}.bias`, outputs)], `linear.${block}`);
  }
  graph.node("Squeeze", [x, graph.constant("last", [-1], [1])], "logits");
  graph.output("logits", "float32", ["batch", "genes"]);
  return graph.encode("expression");
}
