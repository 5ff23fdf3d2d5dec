"""Densities, discrepancies and linear equations of numpy, scipy and scikit-learn, on request of bench/density.js; one core each."""
import sys

import numpy as np
import scipy
import sklearn
from scipy.spatial.distance import cdist
from scipy.stats import gaussian_kde
from sklearn.neighbors import KernelDensity

from serve import serve, timed


def rows(job, name):
    return np.fromfile(job[name], dtype=np.float64).reshape(-1, job["columns"])


def scipy_kde(job):
    density, queries = gaussian_kde(rows(job, "X").T), rows(job, "Q").T
    return timed(lambda: density(queries), job["repeats"])[0]


def sklearn_kde(job):
    X, queries = rows(job, "X"), rows(job, "Q")
    density = KernelDensity(bandwidth="scott", rtol=job.get("rtol", 0), atol=0).fit(X)
    return timed(lambda: density.score_samples(queries), job["repeats"])[0]


def discrepancy(job):
    a, b = rows(job, "X"), rows(job, "Q")
    mean = lambda x, y: np.exp(cdist(x, y, "sqeuclidean") * -0.5).mean()
    return timed(lambda: mean(a, a) + mean(b, b) - 2 * mean(a, b), job["repeats"])[0]


def solve(job):
    n = job["n"]
    matrix = np.fromfile(job["X"], dtype=np.float64).reshape(n, n)
    return timed(lambda: np.linalg.solve(matrix, matrix[0]), job["repeats"])[0]


serve(
    {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
    {"scipy": scipy_kde, "sklearn": sklearn_kde, "mmd": discrepancy, "solve": solve},
)
