"""Writes the golden file of the tests of local symmetry.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2
    COUNTERPOISE_DATA=<folder with keel/> venv/bin/python test/golden/diagnosis.py

Statistics are computed row by row from their definitions, with the pilot of scikit-learn. Only results are stored, never rows of the data.
"""
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from make import load

TABLES = [("pima", None), ("pima", 0.1), ("ecoli3", 1.0), ("yeast3", 1.0), ("vehicle3", 10.0), ("yeast6", 1.0)]


def wald(vector, rows):
    """T, given the rows whose means by class make the vector up to first order."""
    variance = sum(np.cov(own, rowvar=False) / len(own) for own in rows)
    variance = variance + 1e-8 * np.trace(variance) / len(variance) * np.eye(len(variance))
    return float(vector @ np.linalg.solve(variance, vector))


def diagnose(name, C):
    info, X, _, labels = load("keel", name)
    labels = np.array(labels)
    names, counts = np.unique(labels, return_counts=True)
    y = (labels == names[np.argmin(counts)]).astype(float)
    X = np.array(X, dtype=float)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    machine = LogisticRegression(C=np.inf if C is None else C, class_weight="balanced", solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(X, y)
    z = np.column_stack([X, np.ones(len(X))])
    p = machine.predict_proba(X)[:, 1]
    w, e = p * (1 - p), z.shape[1] - 1
    scores = (p - y)[:, None] * z
    sides = [y == 0, y == 1]
    means = [scores[side].mean(axis=0) for side in sides]
    hessians = [(w[side, None] * z[side]).T @ z[side] / side.sum() for side in sides]
    third = [((w * (1 - 2 * p))[side, None] * z[side]).T @ z[side] / side.sum() for side in sides]
    H, apart = (hessians[0] + hessians[1]) / 2, hessians[0] - hessians[1]
    g = means[0] - means[1]
    steps = scores @ np.linalg.inv(H).T / 2
    signs = [1, -1]
    raw = wald(g, [signs[s] * scores[sides[s]] - steps[sides[s]] @ apart.T for s in (0, 1)])
    kappa = g[e] / H[e, e]
    moved = apart - kappa * (third[0] + third[1]) / 2
    onto = np.hstack([np.eye(e), -(H[:e, e] / H[e, e])[:, None]])
    rows = [(signs[s] * scores[sides[s]] - kappa / 2 * w[sides[s], None] * z[sides[s]] - steps[sides[s]] @ moved.T) @ onto.T for s in (0, 1)]
    return dict(name=name, C=C, tSym=wald(onto @ (g - moved @ np.linalg.inv(H) @ (means[0] + means[1]) / 2), rows), raw=raw, gPhiNorm=float(np.linalg.norm(g)), columns=e)


if __name__ == "__main__":
    golden = dict(diagnoses=[diagnose(*table) for table in TABLES])
    (Path(__file__).parent / "diagnosis.json").write_text(json.dumps(golden, indent=1) + "\n")
