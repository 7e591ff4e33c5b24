import type {Provenance} from "../tables/provenance.js";

/**
 * A paragraph for a paper's methods, written from the provenance of a map: versions, matrix, genes, model, parameters, seeds and hashes.
 * `cells` is how many the map has, `minDist` what was used where the parameters leave it to their number.
 */
export function methodsText(provenance: Provenance, cells: number, minDist: number): string {
  const {software, source, matrix, genes, model, parameters} = provenance;
  const number = (value: number) => value.toLocaleString("en-US");
  const sentences = [
    `Cells of ${source.name} (${number(source.bytes)} bytes, identity ${source.identity}) were processed with ${software.name} ${software.version}.`
  ];
  if (genes !== undefined) {
    const repaired = genes.repaired
      ? `, ${number(genes.repaired)} of them after repairs of their names (${(genes.repair ?? []).join(", ")})`
      : "";
    sentences.push(
      `Counts were read from ${matrix ?? "X"}; of ${number(genes.inFile)} genes (names from ${genes.names}), ${number(genes.aligned)} are known to the model${repaired}.`
    );
    if (genes.leftOut !== undefined)
      sentences.push(
        `As in the public script of UCE, ${number(genes.leftOut.genes)} genes detected in fewer than 10 cells and ${number(genes.leftOut.cells)} cells with fewer than 25 of the other genes were left out.`
      );
  }
  const draws = parameters["sampling"] === "low-variance" ? "with the low-variance scheme" : "as UCE-brain draws them";
  const seed = parameters["seeds"] === "name" ? "a hash of the cell's name" : "the cell's row in the file";
  const average = Number(parameters["average"] ?? 1);
  sentences.push(
    `Genes were sampled in proportion to log(1 + counts), ${draws}, seeded by ${seed}${average > 1 ? `; embeddings of ${average} samplings were averaged` : ""}.`
  );
  if (model !== undefined) {
    const untrained = model.untrained ? " Its weights are random: it was not trained." : "";
    sentences.push(
      `Sentences were embedded by ${model.name} (manifest SHA-256 ${model.hash}), weights stored as ${model.precision}, backend ${model.backend}.${untrained}`
    );
  }
  sentences.push(
    `The map of ${number(cells)} cells is UMAP of the embeddings (cosine distance, ${String(parameters["neighbors"])} neighbors, minimum distance ${minDist}, seed ${String(parameters["seed"])}, starting from principal components).`
  );
  return sentences.join(" ");
}
