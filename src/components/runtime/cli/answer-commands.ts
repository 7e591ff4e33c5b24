import {genes, json, matrix, model, out, repair, species, type CommandSpec} from "./command-options.js";

/** Commands that answer a question about cells, once they are embedded or grouped. */
export const answerCommands: Record<string, CommandSpec> = {
  cluster: {
    argument: "EMBEDDINGS.arrow",
    summary:
      "clusters of embedded cells (Louvain, on the neighbor graph of the map), and how far they hold under other seeds and resolutions",
    options: {
      out,
      resolution: {
        value: "R",
        help: "more makes more clusters, 0.001 to 1000 (default: 1, or less where that makes more than 50 clusters)"
      },
      neighbors: {value: "N", help: "neighbors of each cell, itself among them, 2 to 200 (default 15)"},
      seed: {value: "S", help: "seed of the order in which cells are looked at (default 42)"},
      json
    },
    example: "cluster embeddings.arrow --out clusters.arrow"
  },
  markers: {
    argument: "FILE.h5ad",
    summary: "genes that set groups of cells apart: rank-sum tests of every gene, each group against the other cells",
    options: {
      groups: {
        value: "GROUPS",
        help: "obs:NAME, a column of the file; or a table that cluster or label wrote",
        required: true
      },
      group: {value: "NAME", help: "test this group alone (default: every group)"},
      against: {
        value: "NAME",
        help: "with --group: compare with this group (default: all other cells that have a group)"
      },
      donors: {
        value: "NAME",
        help: "obs column of donors: in how many of them a gene is higher (cells are no replicates)"
      },
      out,
      matrix,
      "gene-column": genes,
      "repair-genes": repair,
      species,
      model,
      json
    },
    example: "markers cells.h5ad --groups obs:cell_type --out markers.arrow"
  }
};
