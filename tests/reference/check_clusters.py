"""Clusters of embedded cells beside igraph's: python3 check_clusters.py DIR, of what scripts/clusters-report.ts wrote. Exit status 1 if the graph is another, or the clusters are worse than stated."""
import json
import os
import sys

import numpy as np

import cluster_oracles as oracles
from answer_oracles import adjusted_rand

folder = sys.argv[1]
with open(os.path.join(folder, "clusters.json")) as text:
    report = json.load(text)
vectors = np.fromfile(os.path.join(folder, "vectors.bin"), dtype=np.float32).reshape(-1, report["width"])
rows, columns, weights = oracles.fuzzy_graph(*oracles.cosine_neighbors(vectors, report["k"]))
mine = np.array(report["from"]), np.array(report["to"]), np.array(report["strength"])
same = len(mine[0]) == len(rows) and (mine[0] == rows).all() and (mine[1] == columns).all()
off = np.abs(mine[2] - weights).max() if same else np.inf
failed = off > 1e-5  # UMAP's own tolerance for the sum of a cell's weights
print(f"{'OFF' if failed else 'equal'}  {report['name']}: {len(vectors)} cells, {len(rows)} edges, largest difference of a weight {off:.1e}")
graph = oracles.graph_of(len(vectors), rows, columns, weights)
for one in report["clusters"]:
    resolution, codes = one["resolution"], np.array(one["codes"])
    (louvain, by_louvain), (leiden, by_leiden) = oracles.communities(graph, resolution)
    ours = oracles.modularity(graph, codes, resolution)
    index = [adjusted_rand(codes, np.array(membership)) for membership in (by_louvain, by_leiden)]
    between = adjusted_rand(np.array(by_louvain), np.array(by_leiden))
    good = ours >= louvain - 0.01
    failed |= not good
    print(
        f"{'as good' if good else 'WORSE'}  resolution {resolution}: {len(set(codes))} clusters, modularity {ours:.4f}; igraph's best of ten: Louvain {louvain:.4f} ({len(set(by_louvain))}), "
        f"Leiden {leiden:.4f} ({len(set(by_leiden))}); adjusted Rand index {index[0]:.2f} with Louvain's, {index[1]:.2f} with Leiden's, {between:.2f} between those"
    )
sys.exit(failed)
