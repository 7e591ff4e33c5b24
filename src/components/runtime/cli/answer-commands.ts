import {
  genes,
  join,
  json,
  matrix,
  model,
  out,
  repair,
  sampling,
  seeds,
  species,
  type CommandSpec
} from "./command-options.js";

/** Commands that answer a question about cells, once they are embedded or grouped. */
export const answerCommands: Record<string, CommandSpec> = {
  cluster: {
    argument: "EMBEDDINGS.arrow",
    summary:
      "clusters of embedded cells (Louvain, on the map's neighbor graph), and how far they hold under other seeds",
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
  label: {
    argument: "EMBEDDINGS.arrow",
    summary:
      "labels embedded cells by their nearest cells of a reference, with a confidence; unknown where it lacks their kind",
    options: {
      reference: {
        value: "R",
        help: "folder that reference wrote; or embeddings with labels: Arrow or Parquet (export --obs), or h5ad with X_uce",
        required: true
      },
      by: {value: "NAME", help: "column of labels of the reference (default: the first of a reference folder)"},
      neighbors: {value: "N", help: "neighbors that vote, 1 to 200 (default 15)"},
      out,
      json
    },
    example: "label embeddings.arrow --reference pbmc --out labels.arrow"
  },
  reference: {
    argument: "EMBEDDINGS.arrow",
    summary: "a compact reference for label, for any static host: 8-bit vectors, labels, map, provenance, license",
    options: {
      labels: {value: "NAMES", help: "obs columns of labels, with commas", required: true},
      cells: {value: "FILE.h5ad", help: "the file that was embedded, which has the labels", required: true},
      out: {value: "DIR", help: "folder of the reference; appears complete or not at all", required: true},
      umap: {value: "MAP.arrow", help: "map of these embeddings, as umap writes it"},
      name: {value: "NAME", help: "name of the reference (default: that of DIR)"},
      license: {value: "TEXT", help: "license of the data, as stated"},
      citation: {value: "TEXT", help: "how to cite the data"},
      note: {value: "TEXT", help: "what users should know"},
      json
    },
    example: "reference embeddings.arrow --labels cell_type --cells cells.h5ad --out pbmc"
  },
  markers: {
    argument: "FILE.h5ad",
    several: true,
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
      join,
      json
    },
    example: "markers cells.h5ad --groups obs:cell_type --out markers.arrow"
  },
  composition: {
    argument: "FILE.h5ad",
    several: true,
    summary: "what groups of cells are made of by a column of obs, with 95 % intervals",
    options: {
      groups: {
        value: "GROUPS",
        help: "obs:NAME, a column of the file; or a table that cluster or label wrote",
        required: true
      },
      by: {value: "NAME", help: "obs column whose values are counted", required: true},
      out,
      join,
      json
    },
    example: "composition cells.h5ad --groups clusters.arrow --by donor --out composition.arrow"
  },
  explain: {
    argument: "FILE.h5ad",
    summary:
      "which genes a cell's vector depends on: how far it moves without them or with more, beside what other seeds do",
    options: {
      cell: {value: "NAME", help: "name of the cell, or its row counted from 0", required: true},
      genes: {value: "GENES", help: "genes to leave out, each by itself, with commas (default: the most probable)"},
      sets: {value: "FILE.gmt", help: "or sets of genes to leave out, each together"},
      add: {
        value: "GENES",
        help: "genes to add, each by itself, as probable as the cell's most probable gene, with commas"
      },
      kinds: {
        help: "the sets that are asked about in most files: ribosomal proteins, mitochondrial genes, cell cycle, ..."
      },
      top: {
        value: "N",
        help: "without --genes, --sets, --kinds and --add: how many of the most probable genes, 1 to 200 (default 10)"
      },
      draws: {value: "N", help: "sentences of each kind, 2 to 64 (default 4); more see smaller moves"},
      reference: {value: "R", help: "labeled cells, as for label: adds the label before and after"},
      by: {value: "NAME", help: "column of labels of the reference"},
      sampling,
      matrix,
      "gene-column": genes,
      "repair-genes": repair,
      species,
      model,
      json
    },
    example: "explain cells.h5ad --cell AAACCTGA-1 --genes MS4A1,CD79A --reference src/data/reference-pbmc"
  },
  filtering: {
    argument: "FILE.h5ad",
    summary: "how far vectors move if only the most variable genes are kept before embedding, beside another seed",
    options: {
      keep: {value: "N", help: "most variable genes that are kept (default 2000; by scanpy's flavor seurat)"},
      cells: {value: "N", help: "cells that are embedded, chosen at random, 3 to 200 (default 60)"},
      draws: {value: "N", help: "seeds a cell, 2 to 8 (default 2)"},
      labels: {value: "NAME", help: "obs column of cell types: adds how often 5 neighbors agree on it"},
      sampling,
      seeds,
      matrix,
      "gene-column": genes,
      "repair-genes": repair,
      species,
      model,
      json
    },
    example: "filtering cells.h5ad --labels cell_type"
  },
  genesets: {
    argument: "FILE.h5ad",
    several: true,
    summary: "scores of sets of genes for each cell, by ranks within the cell (UCell)",
    options: {
      out,
      genes: {value: "GENES", help: "one set: genes, with commas"},
      sets: {value: "FILE.gmt", help: "or many: a GMT file"},
      matrix,
      "gene-column": genes,
      "repair-genes": repair,
      species,
      model,
      join,
      json
    },
    example: "genesets cells.h5ad --genes MS4A1,CD79A,CD79B --out scores.arrow"
  },
  score: {
    argument: "EMBEDDINGS.arrow",
    summary:
      "scIB's metrics of embeddings, beside components of the same counts and what the labels themselves would reach",
    options: {
      labels: {value: "NAME", help: "obs column of cell types", required: true},
      cells: {
        value: "FILE.h5ad",
        help: "the file that was embedded; with --join all of them, with commas",
        required: true
      },
      batches: {value: "NAME", help: "obs column of batches: adds how far they mix"},
      sample: {value: "N", help: "most cells scored, chosen at random, 100 to 1000000 (default 10000)"},
      matrix,
      model,
      join,
      json
    },
    example: "score embeddings.arrow --labels cell_type --batches donor --cells cells.h5ad --json"
  }
};
