"""Densities and discrepancies of reference tools, for test/density.

Versions: Python 3, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1.
Command:  python test/golden/density.py        (writes density.json beside itself)
"""

import json
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import laplacian_kernel, rbf_kernel
from sklearn.neighbors import KernelDensity

# one leaf: between nodes of a tree its bounds cancel, and cost far queries half of their digits
rng = np.random.default_rng(7)
cases = []
for n, m, d, bandwidth in [(60, 20, 2, 0.3), (60, 20, 2, "scott"), (90, 15, 10, "silverman"), (40, 10, 25, 1.5), (30, 10, 1, 0.01)]:
    X = rng.standard_normal((n, d)).round(6)
    Q = (2 * rng.standard_normal((m, d))).round(6)
    weights = rng.uniform(0, 2, n).round(6)
    log_density = KernelDensity(bandwidth=bandwidth, rtol=0, atol=0, leaf_size=1000).fit(X).score_samples(Q)
    weighted = KernelDensity(bandwidth=0.5, rtol=0, atol=0, leaf_size=1000).fit(X, sample_weight=weights).score_samples(Q)
    cases.append(
        {
            "d": d,
            "bandwidth": bandwidth,
            "X": X.ravel().tolist(),
            "Q": Q.ravel().tolist(),
            "weights": weights.tolist(),
            "logDensity": log_density.tolist(),
            "weighted": weighted.tolist(),
        }
    )

A, B = rng.standard_normal((25, 3)).round(6), (rng.standard_normal((18, 3)) + 0.5).round(6)
pooled = np.vstack([A, B])


def squared(kernel, unbiased):
    n, m = len(A), len(B)
    aa, bb, ab = kernel(A, A), kernel(B, B), kernel(A, B)
    if unbiased:
        return (aa.sum() - np.trace(aa)) / (n * (n - 1)) + (bb.sum() - np.trace(bb)) / (m * (m - 1)) - 2 * ab.mean()
    return aa.mean() + bb.mean() - 2 * ab.mean()


discrepancies = {
    "A": A.ravel().tolist(),
    "B": B.ravel().tolist(),
    "d": 3,
    "median": float(np.median(cdist(pooled, pooled)[np.triu_indices(len(pooled), 1)])),
    "gaussian": {name: squared(lambda x, y: rbf_kernel(x, y, gamma=1 / (2 * 1.5**2)), name == "unbiased") for name in ("biased", "unbiased")},
    "laplacian": {name: squared(lambda x, y: laplacian_kernel(x, y, gamma=1 / 2.5), name == "unbiased") for name in ("biased", "unbiased")},
}
Path(__file__).with_name("density.json").write_text(json.dumps({"densities": cases, "discrepancies": discrepancies}) + "\n")
