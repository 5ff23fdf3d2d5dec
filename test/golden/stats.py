"""Writes the golden files of clustering, of support vectors and of the methods that use them.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2
    COUNTERPOISE_DATA=<folder with keel/, multi/> venv/bin/python test/golden/stats.py

Only results are stored, never rows of the data.
"""
import numpy as np
from imblearn.over_sampling import SVMSMOTE, KMeansSMOTE
from sklearn.cluster import KMeans
from sklearn.svm import SVC

import make
from make import load

CLUSTERED = [("pima", 8, False), ("yeast3", 5, False), ("vehicle3", 12, True), ("wdbc", 2, False), ("page-blocks0", 20, True)]
SUPPORTED = [("ecoli3", 1.0, None), ("pima", 1.0, None), ("yeast3", 10.0, None), ("vehicle3", 1.0, {-1: 1.0, 1: 3.0}), ("haberman", 2.0, None)]
BORDERS = [("keel", "ecoli3"), ("keel", "vehicle3"), ("keel", "pima"), ("multi", "newthyroid"), ("keel", "wdbc")]


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


def kmeans_smote(name, k, weighted):
    """Which clusters of kmeans.json grow, and how much each, as KMeansSMOTE computes it; neighbors within them. k_neighbors 2."""
    info, X, _, y = load("keel", name)
    labels = np.array(kmeans(name, k, weighted)["labels"])
    sampler = KMeansSMOTE(k_neighbors=2)
    sampler._validate_estimator()
    clusters = []
    for label in range(k):
        inside = np.flatnonzero(labels == label)
        own = inside[y[inside] == info["minority"]]
        if len(own) / len(inside) < 0.5 or len(own) < sampler.nn_k_.n_neighbors:
            continue
        distances, found = sampler.nn_k_.fit(X[own]).kneighbors(X[own])
        unequal = [t for t in range(len(own)) if distances[t, 1] > 0]
        clusters.append({"cluster": label, "rows": own.tolist(), "sparsity": float(sampler._find_cluster_sparsity(X[own])),
                         "asked": unequal, "neighbors": own[found[unequal][:, 1:]].tolist()})
    total = sum(c["sparsity"] for c in clusters)
    return {"name": name, "clusters": [{**c, "weight": c["sparsity"] / total} for c in clusters]}


def in_order(found, rows):
    """Row numbers of the five nearest by (distance, row), without the row itself; null where the fifth is as far as the sixth, so that any of them may be taken."""
    lists = []
    for distances, places in zip(*found):
        order = np.lexsort((rows[places], distances))
        near, far = rows[places][order].tolist(), distances[order]
        lists.append(None if far[5] == far[6] else near[1:6])
    return lists


def svm_smote(folder, name):
    """Support vectors of the minority class by where they stand, their neighbors, and rows made with given draws."""
    info, X, _, y = load(folder, name)
    label = min(sorted(set(y)), key=lambda each: (y == each).sum())
    own = np.flatnonzero(y == label)
    sampler = SVMSMOTE(svm_estimator=SVC(gamma="scale", tol=1e-8), random_state=0)
    sampler._validate_estimator()
    machine = sampler.svm_estimator_.fit(X, y)
    support = np.sort(machine.support_[y[machine.support_] == label])
    sampler.nn_m_.fit(X)
    noise = sampler._in_danger_noise(sampler.nn_m_, X[support], label, y, kind="noise")
    left = support[~noise]
    danger = sampler._in_danger_noise(sampler.nn_m_, X[left], label, y, kind="danger")
    distances, found = sampler.nn_k_.fit(X[own]).kneighbors(X[left])
    assert (distances[:, 1] > 0).all(), f"{name}: equal rows, of which any may be left out as the row itself"
    nearest = in_order(sampler.nn_k_.kneighbors(X[left], n_neighbors=7), own)
    made = []
    for base in range(0, len(left), max(1, len(left) // 8)):
        if not nearest[base]:
            continue
        neighbor, draw = base % 5, (base * 0.37) % 1
        step = draw if danger[base] else -0.5 * draw
        row = sampler._generate_samples(X[left], X, np.array([row or [0] * 5 for row in nearest]), np.array([base]), np.array([neighbor]), np.array([[step]]), label)
        made.append({"base": base, "neighbor": neighbor, "gap": step, "row": row[0].tolist()})
    return {"folder": folder, "name": name, "minority": label, "support": support.tolist(), "noise": support[noise].tolist(), "danger": left[danger].tolist(),
            "safe": left[~danger].tolist(), "neighbors": nearest, "made": made}


def write(name, content):
    make.write(name, {**content, "command": "python test/golden/stats.py"})


if __name__ == "__main__":
    write("kmeans.json", {"sets": [kmeans(*each) for each in CLUSTERED]})
    write("svm.json", {"sets": [svm(*each) for each in SUPPORTED]})
    write("kmeans-smote.json", {"sets": [kmeans_smote(*each) for each in CLUSTERED]})
    write("svm-smote.json", {"sets": [svm_smote(*each) for each in BORDERS]})
