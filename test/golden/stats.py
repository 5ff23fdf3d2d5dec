"""Writes the golden files of clustering, of support vectors and of the methods that use them.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2
    COUNTERPOISE_DATA=<folder with keel/> venv/bin/python test/golden/stats.py

Only results are stored, never rows of the data.
"""
import numpy as np
from sklearn.cluster import KMeans
from sklearn.svm import SVC

import make
from make import load

CLUSTERED = [("pima", 8, False), ("yeast3", 5, False), ("vehicle3", 12, True), ("wdbc", 2, False), ("page-blocks0", 20, True)]
SUPPORTED = [("ecoli3", 1.0, None), ("pima", 1.0, None), ("yeast3", 10.0, None), ("vehicle3", 1.0, {-1: 1.0, 1: 3.0}), ("haberman", 2.0, None)]


def kmeans(name, k, weighted):
    """Lloyd's iteration from given rows. Weights, where there are any, are 1, 2, 3, 1, 2, …"""
    _, X, _, _ = load("keel", name)
    n = len(X)
    rows = [(i * n) // k for i in range(k)]
    weights = (1.0 + np.arange(n) % 3) if weighted else None
    found = KMeans(n_clusters=k, init=X[rows], n_init=1, algorithm="lloyd").fit(X, sample_weight=weights)
    return {"name": name, "rows": rows, "weighted": weighted, "labels": found.labels_.tolist(),
            "centers": found.cluster_centers_.tolist(), "inertia": float(found.inertia_), "iterations": found.n_iter_}


def standardized(X):
    deviations = X.std(axis=0)
    return X / np.where(deviations == 0, 1, deviations)


def svm(name, cost, weights):
    """The minority class has sign 1. Columns are divided by their standard deviations."""
    info, X, _, y = load("keel", name)
    X = standardized(X)
    signs = np.where(y == info["minority"], 1, -1)
    machine = SVC(C=cost, gamma="scale", tol=1e-8, class_weight=weights).fit(X, signs)
    alphas = np.abs(machine.dual_coef_[0])
    gamma = machine._gamma
    K = np.exp(-gamma * ((X[machine.support_, None, :] - X[None, machine.support_, :]) ** 2).sum(axis=2))
    products = machine.dual_coef_[0]
    sample = list(range(0, len(X), max(1, len(X) // 40)))
    return {"name": name, "cost": cost, "weights": [weights[-1], weights[1]] if weights else [1, 1], "gamma": float(gamma), "support": machine.support_.tolist(),
            "alphas": alphas.tolist(), "bias": float(machine.intercept_[0]), "objective": float(0.5 * products @ K @ products - alphas.sum()),
            "sample": sample, "decisions": machine.decision_function(X[sample]).tolist()}


def write(name, content):
    make.write(name, {**content, "command": "python test/golden/stats.py"})


if __name__ == "__main__":
    write("kmeans.json", {"sets": [kmeans(*each) for each in CLUSTERED]})
    write("svm.json", {"sets": [svm(*each) for each in SUPPORTED]})
