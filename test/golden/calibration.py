"""Writes the golden file of Platt's and of isotonic calibration.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    venv/bin/python test/golden/calibration.py

scikit-learn leaves its sigmoid at a gradient of 1e-6; Newton's method goes on from there on the same loss, and both results are stored.
"""
import json
from pathlib import Path

import numpy as np
import sklearn
from scipy.special import expit
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression


def rows(seed, n, ties, weighted):
    """Probabilities of a model that is too sure of itself, what came true, weights."""
    random = np.random.default_rng(seed)
    odds = random.normal(-1, 2, n)
    p = expit(odds)
    if ties:
        p = np.round(p, 1).clip(0.1, 0.9)
    y = (random.random(n) < expit(0.6 * odds - 0.5)).astype(int)
    return np.round(p, 6), y, np.round(random.random(n) * 3, 2) if weighted else np.ones(n)


def sigmoid(p, y, weights):
    scores = np.log(p) - np.log1p(-p)
    a, b = _sigmoid_calibration(scores, y, weights)
    ups, downs = weights[y > 0].sum(), weights[y == 0].sum()
    targets = np.where(y > 0, (ups + 1) / (ups + 2), 1 / (downs + 2))
    line = np.array([-a, -b])
    z = np.column_stack([scores, np.ones(len(p))])
    for _ in range(20):
        chance = expit(z @ line)
        line = line - np.linalg.solve((z * (weights * chance * (1 - chance))[:, None]).T @ z, z.T @ (weights * (chance - targets)))
    return {"line": line.tolist(), "sklearn": [-a, -b]}


def rising(p, y, weights):
    queries = np.concatenate([np.linspace(0, 1, 41), p[:20]])
    machine = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(p, y, weights)
    return {"queries": queries.tolist(), "values": machine.predict(queries).tolist()}


if __name__ == "__main__":
    cases = []
    for seed, (n, ties, weighted) in enumerate([(12, False, False), (200, False, False), (200, False, True), (150, True, False), (150, True, True)]):
        p, y, weights = rows(seed, n, ties, weighted)
        cases.append({"p": p.tolist(), "y": y.tolist(), "weights": weights.tolist(), "sigmoid": sigmoid(p, y, weights), "isotonic": rising(p, y, weights)})
    out = {"tool": "scikit-learn", "version": sklearn.__version__, "command": "python test/golden/calibration.py", "cases": cases}
    Path(__file__).with_name("calibration.json").write_text(json.dumps(out) + "\n")
