"""Writes the golden file of the reports on synthetic rows: distributions, dependence, precision, recall, density and coverage, classifier two-sample tests.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 prdc==0.2
    venv/bin/python test/golden/diagnose.py

Real and synthetic rows are drawn here and rounded, with ties on purpose. prdc is the code of Naeem et al. 2020.
"""
import json
from pathlib import Path

import numpy as np
import prdc
import scipy
import scipy.special
import scipy.stats
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

FOLDS = 5
rng = np.random.default_rng(11)
real = np.round(rng.normal(size=(70, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0.3], [0, 0, 1]]), 4)
synthetic = np.round(rng.normal(0.4, 0.8, size=(55, 3)), 4)
real[:, 2], synthetic[:, 2] = np.round(real[:, 2], 1), np.round(synthetic[:, 2], 1)
synthetic[:5] = real[:5]
levels_real = rng.integers(0, 4, size=(70, 2))
levels_synthetic = rng.integers(0, 3, size=(55, 2))
levels_synthetic[:30, 1] = levels_synthetic[:30, 0]


def distribution(x, y):
    statistic = scipy.stats.ks_2samp(x, y, method="asymp").statistic
    return {"statistic": float(statistic), "pValue": float(scipy.special.kolmogorov(np.sqrt(len(x) * len(y) / (len(x) + len(y))) * statistic))}


def total_variation(x, y):
    shares = [np.bincount(codes, minlength=4) / len(codes) for codes in (x, y)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def cramers_v(a, b):
    table = scipy.stats.contingency.crosstab(a, b).count
    return float(scipy.stats.contingency.association(table, method="cramer", correction=False))


def correlation_ratio(values, codes):
    groups = [values[codes == code] for code in np.unique(codes)]
    between = sum(len(group) * (group.mean() - values.mean()) ** 2 for group in groups)
    return float(np.sqrt(between / ((values - values.mean()) ** 2).sum()))


def dependence(X, levels):
    return {
        "correlation": [float(scipy.stats.pearsonr(X[:, a], X[:, b]).statistic) for a, b in ((0, 1), (0, 2), (1, 2))],
        "correlationRatio": correlation_ratio(X[:, 0], levels[:, 0]),
        "cramersV": cramers_v(levels[:, 0], levels[:, 1]),
    }


def two_sample(learner, scale):
    # without the copies, which would tie with their originals
    X, y = np.vstack([real, synthetic[5:]]), np.repeat([0, 1], [len(real), len(synthetic) - 5])
    scores = np.zeros(len(y))
    folds = np.arange(len(y)) % FOLDS
    for fold in range(FOLDS):
        train, test = folds != fold, folds == fold
        prepared = StandardScaler().fit(X[train]) if scale else None
        of = (lambda rows: prepared.transform(rows)) if scale else (lambda rows: rows)
        scores[test] = learner.fit(of(X[train]), y[train]).predict_proba(of(X[test]))[:, 1]
    return float(roc_auc_score(y, scores))


measures = prdc.compute_prdc(real, synthetic, nearest_k=5)
golden = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__, "prdc": "0.2"},
    "real": real.tolist(),
    "synthetic": synthetic.tolist(),
    "levels": {"real": levels_real.tolist(), "synthetic": levels_synthetic.tolist()},
    "distributions": [distribution(real[:, c], synthetic[:, c]) for c in range(3)],
    "kolmogorov": [[x, float(scipy.special.kolmogorov(x))] for x in (0.1, 0.3, 0.5, 0.8, 0.99, 1.0, 1.2, 1.7, 2.5, 4.0)],
    "totalVariation": [total_variation(levels_real[:, c], levels_synthetic[:, c]) for c in range(2)],
    "dependence": {"real": dependence(real, levels_real), "synthetic": dependence(synthetic, levels_synthetic)},
    "prdc": {name: float(value) for name, value in measures.items()},
    "twoSample": {
        "folds": FOLDS,
        "kNN": two_sample(KNeighborsClassifier(5, algorithm="brute"), False),
        "logistic": two_sample(LogisticRegression(C=1, tol=1e-10, max_iter=10000), True),
    },
}
Path(__file__).with_name("diagnose.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
