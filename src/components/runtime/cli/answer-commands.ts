import {genes, json, matrix, model, out, repair, species, type CommandSpec} from "./command-options.js";

/** Commands that answer a question about cells, once they are embedded or grouped. */
export const answerCommands: Record<string, CommandSpec> = {
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
