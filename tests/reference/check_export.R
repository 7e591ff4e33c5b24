# Says whether R reads what `export` wrote, by the lines of docs/formats.md:
#
#     Rscript tests/reference/check_export.R NEW.h5ad NEW.csv VECTORS WIDTH
#
# VECTORS holds 32-bit floats, row-major, NaN where a cell has no vector, in the order of NEW.h5ad. Needs Bioconductor's rhdf5 (Debian: r-bioc-rhdf5).
given <- commandArgs(trailingOnly = TRUE)
width <- as.integer(given[4])
values <- readBin(given[3], "double", n = 1e7, size = 4, endian = "little")
expected <- matrix(values, ncol = width, byrow = TRUE)

x <- t(rhdf5::h5read(given[1], "obsm/X_uce"))
rownames(x) <- rhdf5::h5read(given[1], "obs/_index")
stopifnot(identical(dim(x), dim(expected)), isTRUE(all.equal(unname(x), expected, tolerance = 0)))
provenance <- rhdf5::h5read(given[1], "uns/uce/provenance")
stopifnot(grepl('"stage":"embed"', provenance, fixed = TRUE))

d <- read.csv(given[2])
v <- as.matrix(d[startsWith(names(d), "embedding_")])
at <- match(d$cell_id, rownames(x))
stopifnot(nrow(d) > 0, !anyNA(at), isTRUE(all.equal(unname(v), unname(x[at, ]), tolerance = 1e-7)))
cat(nrow(x), "cells read by R\n")
