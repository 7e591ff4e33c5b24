"""fixtures/clusters: made-up vectors, their neighbor graph by scipy, and the best communities that igraph finds in it."""
import json
import os

import numpy as np

import cluster_oracles as oracles

random = np.random.default_rng(7)
centers = random.normal(size=(5, 8))
labels = np.repeat(np.arange(5), [60, 45, 35, 25, 15])
vectors = np.round(centers[labels] + 0.55 * random.normal(size=(len(labels), 8)), 3).astype(np.float32)
k = 9
rows, columns, weights = oracles.fuzzy_graph(*oracles.cosine_neighbors(vectors, k))
graph = oracles.graph_of(len(vectors), rows, columns, weights)


def expected(resolution):
    (louvain, by_louvain), (leiden, by_leiden) = oracles.communities(graph, resolution, runs=50)
    return {"resolution": resolution, "louvain": louvain, "leiden": leiden, "clusters": by_leiden}


fixture = {
    "width": 8,
    "k": k,
    "vectors": [round(float(value), 3) for value in vectors.ravel()],
    "edges": [[int(a), int(b), float(f"{w:.13g}")] for a, b, w in zip(rows, columns, weights)],
    # Any partition will do to compare modularity with: the clouds that the vectors were drawn from.
    "partition": labels.tolist(),
    "modularity": {str(resolution): oracles.modularity(graph, labels, resolution) for resolution in (0.5, 1, 2)},
    "best": [expected(resolution) for resolution in (0.5, 1, 2)],
}
folder = os.path.join(os.path.dirname(__file__), "..", "fixtures", "clusters")
os.makedirs(folder, exist_ok=True)
with open(os.path.join(folder, "clouds.json"), "w") as text:
    json.dump(fixture, text, separators=(",", ":"))
print([(one["resolution"], len(set(one["clusters"])), one["louvain"], one["leiden"]) for one in fixture["best"]])
