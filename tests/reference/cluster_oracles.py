"""The neighbor graph and its communities by numpy, scipy and igraph (Debian: python3-igraph); nothing of ours."""
import igraph
import numpy as np
from scipy import optimize, sparse



def cosine_neighbors(vectors, k):
    """The k nearest others of each row by cosine, all pairs in float64; of equals the lower number."""
    unit = vectors.astype(np.float64)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    found, far = np.empty((len(unit), k), int), np.empty((len(unit), k))
    for i, vector in enumerate(unit):
        distances = 1 - unit @ vector
        distances[i] = np.inf
        order = np.argsort(distances, kind="stable")[:k]
        found[i], far[i] = order, np.maximum(distances[order], 0)
    return found, far


def fuzzy_graph(found, far):
    """UMAP's graph (McInnes, Healy and Melville 2018): weights fall from the nearest neighbor's distance, and add up to log2 of the neighbors, the cell among them."""
    n, k = found.shape
    weights = np.empty((n, k))
    for i, distances in enumerate(far):
        beyond = np.maximum(0, distances - distances[0])
        target = np.log2(k + 1)
        excess = lambda scale: np.exp(-beyond / scale).sum() - target
        scale = optimize.brentq(excess, 1e-3 * distances.mean(), 1e3 * (distances.max() + 1e-12), xtol=1e-15, rtol=1e-14)
        weights[i] = np.exp(-beyond / scale)
    one_way = sparse.csr_matrix((weights.ravel(), (np.repeat(np.arange(n), k), found.ravel())), shape=(n, n))
    both = one_way.multiply(one_way.T)
    graph = sparse.triu(one_way + one_way.T - both, k=1).tocoo()
    order = np.lexsort((graph.col, graph.row))
    return graph.row[order], graph.col[order], graph.data[order]


def graph_of(n, rows, columns, weights):
    return igraph.Graph(n=n, edges=list(zip(rows.tolist(), columns.tolist())), edge_attrs={"weight": weights})


def modularity(graph, codes, resolution):
    """Of any partition (Reichardt and Bornholdt 2006), from the formula: igraph 0.10.2 takes a resolution and leaves it out. At 1 the two are the same."""
    codes = np.array(codes)
    edges, weights = np.array(graph.get_edgelist()), np.array(graph.es["weight"])
    within = weights[codes[edges[:, 0]] == codes[edges[:, 1]]].sum() / weights.sum()
    degrees = np.bincount(codes, weights=np.array(graph.strength(weights="weight")))
    found = within - resolution * ((degrees / (2 * weights.sum())) ** 2).sum()
    assert resolution != 1 or abs(found - graph.modularity(codes.tolist(), weights="weight")) < 1e-12
    return found


def communities(graph, resolution, runs=10):
    """The best of `runs` of Louvain's method, and of Leiden's, by igraph; each a modularity and a membership."""
    igraph.set_random_number_generator(__import__("random").Random(1))
    louvain = [graph.community_multilevel(weights="weight", resolution=resolution).membership for _ in range(runs)]
    leiden = [
        graph.community_leiden(objective_function="modularity", weights="weight", resolution_parameter=resolution, n_iterations=-1).membership
        for _ in range(runs)
    ]
    best = lambda all: max(((modularity(graph, one, resolution), one) for one in all), key=lambda found: found[0])
    return best(louvain), best(leiden)
