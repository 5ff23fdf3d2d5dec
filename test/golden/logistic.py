"""Writes the golden files of logistic regression and of votes of nearest neighbors.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2
    COUNTERPOISE_DATA=<folder with keel/, multi/> venv/bin/python test/golden/logistic.py

Only results are stored, never rows of the data. Solvers are run to a gradient far below what is compared.
"""
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

import make
from make import load

BINARY = [("keel", "pima"), ("keel", "ecoli3"), ("keel", "wdbc"), ("keel", "yeast3")]
MULTI = [("multi", "newthyroid"), ("multi", "balance")]
VOTED = [("keel", "pima", 5), ("keel", "yeast3", 11), ("multi", "newthyroid", 1), ("keel", "vehicle3", 4)]


def weights_of(n, weighted):
    """1, 2, 3, 1, 2, … where there are any."""
    return 1.0 + np.arange(n) % 3 if weighted else None


def logistic(folder, name, C, weighted, balanced, standard):
    """Coefficients in the units of the data. `standard`: of columns divided by their deviations, as in a pipeline."""
    info, X, _, y = load(folder, name)
    y = np.array(y)
    scaler = StandardScaler(with_mean=True, with_std=standard).fit(X)
    # columns about their means: the optimum is the same, and the solver is better off
    machine = LogisticRegression(C=np.inf if C is None else C, solver="newton-cholesky" if len(set(y)) == 2 else "lbfgs", tol=1e-12, max_iter=100000,
                                 class_weight="balanced" if balanced else None)
    if len(set(y)) > 2:
        machine.set_params(solver="newton-cg", tol=1e-13)
    machine.fit(scaler.transform(X), y, sample_weight=weights_of(len(X), weighted))
    scale = scaler.scale_ if standard else np.ones(X.shape[1])
    coefficients = machine.coef_ / scale
    intercepts = machine.intercept_ - coefficients @ scaler.mean_
    sample = list(range(0, len(X), max(1, len(X) // 10)))
    return {"folder": folder, "name": name, "C": C, "weighted": weighted, "balanced": balanced, "standard": standard, "classes": machine.classes_.tolist(),
            "coefficients": coefficients.tolist(), "intercepts": intercepts.tolist(),
            "sample": sample, "probabilities": machine.predict_proba(scaler.transform(X[sample])).tolist()}


def votes(folder, name, k):
    """Probabilities of rows that lie between two of the data, half of the way from row i to row 2i; null where the k-th neighbor is as far as the next."""
    info, X, _, y = load(folder, name)
    n = len(X)
    rows = list(range(1, n // 2, max(1, n // 60)))
    queries = np.array([(X[i] + X[2 * i]) / 2 for i in rows])
    machine = KNeighborsClassifier(n_neighbors=k).fit(X, y)
    distances, _ = machine.kneighbors(queries, n_neighbors=k + 1)
    tied = distances[:, k] - distances[:, k - 1] <= 1e-9 * distances[:, k]
    said = machine.predict_proba(queries)
    return {"folder": folder, "name": name, "k": k, "rows": rows, "classes": machine.classes_.tolist(),
            "probabilities": [None if t else p.tolist() for t, p in zip(tied, said)]}


if __name__ == "__main__":
    fits = []
    for folder, name in BINARY:
        for C in [0.01, 1.0, 100.0]:
            fits += [logistic(folder, name, C, weighted, False, standard) for weighted in [False, True] for standard in [False, True]]
        fits.append(logistic(folder, name, 1.0, False, True, True))
        fits.append(logistic(folder, name, 1.0, True, True, True))
    fits += [logistic("keel", "pima", None, weighted, False, False) for weighted in [False, True]]
    for folder, name in MULTI:
        for C in [0.01, 1.0, 10.0]:
            fits += [logistic(folder, name, C, weighted, False, True) for weighted in [False, True]]
        fits.append(logistic(folder, name, 1.0, False, True, True))
    make.write("logistic.json", {"command": "python test/golden/logistic.py", "fits": fits})
    make.write("votes.json", {"command": "python test/golden/logistic.py", "sets": [votes(*each) for each in VOTED]})
