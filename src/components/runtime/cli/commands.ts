import {answerCommands} from "./answer-commands.js";
import {
  genes,
  json,
  matrix,
  model,
  out,
  repair,
  rows,
  sampling,
  seeds,
  species,
  type CommandSpec
} from "./command-options.js";

/** Every command of the program, by name, in the order in which help lists them. */
export const commands: Record<string, CommandSpec> = {
  inspect: {
    argument: "FILE",
    summary: "what is in the file; which matrix holds counts and why; how many genes the model knows; problems",
    options: {matrix, "gene-column": genes, "repair-genes": repair, species, model, json},
    example: "inspect cells.h5ad --json"
  },
  sentences: {
    argument: "FILE",
    summary: "load, normalize, sample: each cell's sentence of gene tokens, as an Arrow table",
    options: {out, rows, matrix, "gene-column": genes, "repair-genes": repair, species, model, sampling, seeds, json},
    example: "sentences cells.h5ad --out sentences.arrow --rows 0-99"
  },
  embed: {
    argument: "FILE",
    several: true,
    summary: "the whole way to one vector a cell, as an Arrow table; of several files, a table each or one of all",
    options: {
      out: {
        ...out,
        help: "where to write the table, which appears complete or not at all; of several files, a folder for them"
      },
      join: {help: "several files as one data set: one table; each cell has the vector that it has alone"},
      rows,
      shard: {
        value: "I/N",
        help: "shard I of N of the cells, for another process or machine each; merge joins their tables"
      },
      matrix,
      "gene-column": genes,
      "repair-genes": repair,
      species,
      model,
      filter: {
        value: "WHICH",
        help: "public: leave out what the public script of the original UCE does by default, genes in fewer than 10 cells and cells with fewer than 25 genes (default: none)",
        choices: ["none", "public"]
      },
      backend: {
        value: "NAME",
        help: "cpu (default) or wasm (as browsers without a GPU run it; about four times slower)",
        choices: ["cpu", "wasm"]
      },
      precision: {
        value: "NAME",
        help: "fp32, fp16, int8 or int4: how the weights are stored (default: the nearest to fp32 that there is)",
        choices: ["fp32", "fp16", "int8", "int4"]
      },
      sampling,
      seeds,
      average: {value: "K", help: "mean of the embeddings of K samplings, 1 to 64 (default 1; costs K times the time)"},
      batch: {
        value: "N",
        help: "cells in one call of the model, 1 to 256 (default 4; with wasm at least one a thread)"
      },
      threads: {value: "N", help: "threads of the model (default: the machine's cores)"},
      store: {
        value: "DIR",
        help: "folder that keeps finished batches and tables: a run that was cut off resumes, an equal one computes nothing"
      },
      json
    },
    example: "embed cells.h5ad --out embeddings.arrow"
  },
  merge: {
    argument: "SHARD.arrow",
    several: true,
    summary: "joins tables of embed --shard (or --rows) into one, after checking that they belong together",
    options: {
      out,
      partial: {help: "join what there is, though cells between, before or after the shards are missing"},
      json
    },
    example: "merge shard-1.arrow shard-2.arrow --out embeddings.arrow"
  },
  umap: {
    argument: "EMBEDDINGS.arrow",
    summary: "a map of the embeddings (UMAP, cosine, from a PCA start), with its trustworthiness",
    options: {
      out,
      neighbors: {value: "N", help: "neighbors of each cell, 2 to 200 (default 15)"},
      "min-dist": {
        value: "D",
        help: "minimum distance of points on the map, 0 to 1 (default: 0.8 up to 500 cells, 0.5 up to 2,000, 0.3 up to 10,000, 0.1 above)"
      },
      seed: {value: "S", help: "seed of the layout (default 42)"},
      epochs: {value: "N", help: "optimization epochs (default: by number of cells, as umap-js)"},
      json
    },
    example: "umap embeddings.arrow --out map.arrow --neighbors 30"
  },
  export: {
    argument: "EMBEDDINGS.arrow",
    summary:
      "takes results away: h5ad, Parquet, CSV or Arrow, as the ending of --out says; vectors alone or with map and obs",
    options: {
      out: {...out, help: "file to write, ending in .h5ad, .parquet, .csv or .arrow; appears complete or not at all"},
      umap: {value: "MAP.arrow", help: "map of these embeddings, as umap writes it: adds its coordinates"},
      into: {
        value: "FILE.h5ad",
        help: "for .h5ad: the file that was embedded; --out is a copy of it with the results in obsm and uns (default: names of cells alone)"
      },
      obs: {
        value: "FILE.h5ad",
        help: "for .parquet, .csv, .arrow: the file that was embedded; adds its columns of obs"
      },
      columns: {
        value: "LIST",
        help: "for .parquet, .csv, .arrow: columns to write, with commas, for example cell_id,x,y (default: all)"
      },
      key: {
        value: "NAME",
        help: "for .h5ad: name in obsm (default X_uce; the map is NAME_umap, provenance uns['uce'])"
      },
      "other-file": {help: "FILE.h5ad is not the one that was embedded: match its cells by name all the same"},
      json
    },
    example: "export embeddings.arrow --umap map.arrow --into cells.h5ad --out cells-uce.h5ad"
  },
  ...answerCommands,
  report: {
    argument: "FILE",
    several: true,
    summary:
      "computes the whole chain and writes it as a static site: overview, quality, maps, groups, scores, methods",
    options: {
      out: {value: "SITE", help: "folder of the site, for any host; with --single-file an HTML file", required: true},
      title: {value: "TEXT", help: "title of the site (default: that of --meta, or the file's name)"},
      meta: {value: "DESC.json", help: "description: title, abstract, lab, doi, license, ... (docs/command-line.md)"},
      color: {
        value: "COLUMNS",
        help: "obs columns to publish, with commas: they color maps and are scored (default: none; no other is published)"
      },
      genes: {value: "GENES", help: "genes to color maps by, with commas"},
      "cell-names": {help: "publish the names of cells, too"},
      "single-file": {help: "one HTML file that opens from disk"},
      png: {value: "PIXELS", help: "width of the figures as PNG, beside SVG (default: 1600; 0 for none)"},
      live: {
        value: "DIST",
        help: "put the workbook built in DIST (npm run build -- --closed) beside the report, open on its cells: their counts are public then"
      },
      "keep-source": {
        value: "DIR",
        help: "leave a project of Observable Framework there, too: the report as Markdown with cells and tables, to edit and build"
      },
      rows,
      matrix,
      "gene-column": genes,
      "repair-genes": repair,
      model,
      store: {
        value: "DIR",
        help: "folder that keeps what was computed: the report is built again without embedding, a run that was cut off resumes"
      },
      json
    },
    example: "report cells.h5ad --out site --meta desc.json --color cell_type,donor --genes CD3E,MS4A1"
  },
  parity: {
    argument: null,
    summary:
      "every stage beside its reference, on the demo's cells, with controls that must fail; exit status 2: one differs",
    options: {model, json},
    example: "parity --json"
  },
  convert: {
    argument: "SOURCE",
    summary:
      "a published checkpoint (UCE-brain, or .torch of the original UCE), here or at an address, to a bundle for browsers",
    options: {
      out: {...out, value: "DIR", help: "folder to make the bundle in; appears complete or not at all"},
      genes: {value: "DICT.json", help: "gene dictionary that goes with the checkpoint (default: our human table)"},
      species: {
        value: "NAMES",
        help: "species of the dictionary to convert for, where it holds several: one or more, with commas, or all"
      },
      name: {value: "NAME", help: "name of the model in the manifest (default: the source's name)"},
      revision: {
        value: "TEXT",
        help: "branch, tag or commit of a repository at an address (default: main); for a folder a text for the manifest"
      },
      "allow-host": {
        value: "HOSTS",
        help: "hosts, with commas, that the address may hand its files over to (Hugging Face's own are allowed)"
      },
      note: {value: "TEXT", help: "a sentence about the model that every page shows, for the manifest"},
      license: {value: "TEXT", help: "license of the weights as their makers state it, for the manifest"},
      citation: {value: "TEXT", help: "how to cite the weights, for the manifest"},
      "trained-on": {
        value: "SETS.json",
        help: "data sets that the model was trained on, so that their cells are recognized: h5ad files beside SETS.json and their names"
      },
      variants: {
        value: "LIST",
        help: "how to store the weights: any of fp32,fp16,int8,int4, with commas (default: fp32)"
      },
      calibrate: {
        value: "CELLS.h5ad",
        help: "500 or more real cells (files with commas), to measure how near fp16 and int8 are to fp32"
      },
      "allow-inexact": {help: "write variants that were not measured or are too far from fp32 all the same"},
      json
    },
    example: "convert uce-brain-pilot-8l-512d --out bundle --variants fp16,int8 --calibrate cells.h5ad"
  }
};
