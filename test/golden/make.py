"""Writes the golden files of this folder from reference tools.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2
    COUNTERPOISE_DATA=<folder with keel/, mixed/, multi/> venv/bin/python test/golden/make.py

Only results are stored, never rows of the data.
"""
import csv, hashlib, json, os, warnings
from pathlib import Path

import imblearn, numpy, sklearn
import numpy as np
from imblearn.metrics.pairwise import ValueDifferenceMetric
from imblearn.over_sampling import SMOTENC
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import OrdinalEncoder

warnings.filterwarnings("ignore")
DATA = Path(os.environ.get("COUNTERPOISE_DATA", "../shared/data"))
HERE = Path(__file__).parent
K = 5
TOOLS = {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__, "imbalanced-learn": imblearn.__version__}

NUMERIC = """ecoli1 ecoli3 glass1 glass5 haberman led7digit-0-2-4-5-6-7-8-9_vs_1 page-blocks0 pima poker-8-9_vs_5 shuttle-c0-vs-c4
vehicle1 vehicle3 vowel0 wdbc winequality-red-4 winequality-white-3_vs_7 wisconsin yeast1 yeast3 yeast6 cleveland-0_vs_4""".split()
OTHERS = [("mixed", "bank"), ("mixed", "german"), ("mixed", "sick"), ("keel", "abalone19"), ("multi", "hypothyroid")]


def manifest(folder, name):
    return next(m for m in json.loads((DATA / folder / "manifest.json").read_text()) if m["name"] == name)


def load(folder, name):
    """numeric (n, d) with NaN, nominal texts (n, q), labels"""
    info = manifest(folder, name)
    with open(DATA / folder / f"{name}.csv", newline="") as file:
        header, *rows = csv.reader(file)
    features = [c for c in header if c != info["target"]]
    nominal = [c for c in features if c in info["nominal"]]
    numeric = [c for c in features if c not in nominal]
    at = {c: i for i, c in enumerate(header)}
    X = np.array([[float(r[at[c]]) if r[at[c]] != "" else np.nan for c in numeric] for r in rows], dtype=float).reshape(len(rows), len(numeric))
    C = np.array([[r[at[c]] for c in nominal] for r in rows], dtype=object).reshape(len(rows), len(nominal))
    y = np.array([r[at[info["target"]]] for r in rows])
    return info, X, C, y


def neighbors(folder, name):
    info, X, C, _ = load(folder, name)
    n, d = X.shape
    means, deviations = np.nan_to_num(np.nanmean(X, axis=0)), np.nan_to_num(np.nanstd(X, axis=0))
    weight = float(np.median(deviations)) ** 2
    missing = np.isnan(X)
    filled = np.where(missing, means, X)
    spread = np.where(missing, deviations**2, 0.0)
    indices, squared = np.empty((n, K), "<u4"), np.empty((n, K), "<f8")
    for i in range(n):
        total = np.zeros(n)
        for c in range(d):
            apart = filled[i, c] - filled[:, c]
            total = total + (apart * apart + (spread[i, c] + spread[:, c]))
        if C.shape[1]:
            total = total + weight * (C[i] != C).sum(axis=1).astype(float)
        total[i] = np.inf
        order = np.lexsort((np.arange(n), total))[:K]
        indices[i], squared[i] = order, total[order]
    sample = list(range(0, n, max(1, n // 12)))
    result = {
        "folder": folder, "name": name, "n": n, "d": d, "q": C.shape[1],
        "weight": weight, "means": means.tolist(), "variances": (deviations**2).tolist(),
        "indices": hashlib.sha256(indices.tobytes()).hexdigest(), "squared": hashlib.sha256(squared.tobytes()).hexdigest(),
        "sample": [{"row": i, "indices": indices[i].tolist(), "squared": squared[i].tolist()} for i in sample],
    }
    if not missing.any() and not C.shape[1]:
        # the tree, because brute force there subtracts squares: 6.7e-7 between two equal rows of winequality-red-4
        found, _ = NearestNeighbors(n_neighbors=K + 1, algorithm="kd_tree").fit(X).kneighbors(X[sample])
        # a row's distance to itself is left out; of duplicates any one may be it
        result["scikitLearn"] = [sorted(row)[1:] for row in found.tolist()]
    return result


def smotenc(folder, name):
    """Neighbors and votes inside the minority class, as SMOTENC itself computes them."""
    info, X, C, y = load(folder, name)
    nominal = list(range(X.shape[1], X.shape[1] + C.shape[1]))
    table = np.empty((len(y), X.shape[1] + C.shape[1]), dtype=object)
    table[:, : X.shape[1]], table[:, X.shape[1]:] = X, C
    sampler = SMOTENC(categorical_features=nominal, k_neighbors=K, random_state=0)
    sampler.fit_resample(table, y)
    rows = np.flatnonzero(y == info["minority"])
    points = sampler.nn_k_._fit_X
    distances, found = sampler.nn_k_.kneighbors(points)
    sample = list(range(0, len(rows), max(1, len(rows) // 25)))
    votes = []
    for i in sample:
        near = [j for j in found[i].tolist() if j != i][:K]
        sampler.median_std_ = {info["minority"]: sampler.median_std_[info["minority"]]}
        new = sampler._generate_samples(points, points, np.array([near]), np.array([0]), np.array([0]), np.zeros((1, 1)), info["minority"])
        encoded = np.asarray(new.todense())[:, X.shape[1]:]
        chosen, start = [], 0
        for c, categories in enumerate(sampler.categorical_encoder_.categories_):
            counts = [sum(C[rows[j], c] == value for j in near) for value in categories]
            picked = categories[int(encoded[0, start : start + len(categories)].argmax())]
            chosen.append(picked if counts.count(max(counts)) == 1 else None)
            start += len(categories)
        own = [(d, j) for d, j in zip(distances[i].tolist(), found[i].tolist()) if j != i][:K]
        votes.append({"row": i, "distances": [d for d, _ in own], "neighbors": [j for _, j in own], "votes": chosen})
    return {"folder": folder, "name": name, "minority": info["minority"], "rows": len(rows),
            "median": float(sampler.median_std_[info["minority"]]), "sample": votes}


def value_difference(folder, name):
    info, _, C, y = load(folder, name)
    codes = OrdinalEncoder(dtype=np.int32).fit_transform(C)
    metric = ValueDifferenceMetric().fit(codes, y)
    pick = np.arange(0, len(y), max(1, len(y) // 15))
    return {"folder": folder, "name": name, "rows": pick.tolist(), "distances": metric.pairwise(codes[pick]).tolist()}


def write(name, content):
    (HERE / name).write_text(json.dumps({"tools": TOOLS, "command": "python test/golden/make.py", **content}) + "\n")


if __name__ == "__main__":
    write("neighbors.json", {"k": K, "sets": [neighbors("keel", name) for name in NUMERIC] + [neighbors(*other) for other in OTHERS]})
    write("smotenc.json", {"k": K, "sets": [smotenc("mixed", "bank"), smotenc("mixed", "german"), smotenc("keel", "abalone19")]})
    write("value-difference.json", {"sets": [value_difference("keel", "car-good"), value_difference("multi", "nursery"), value_difference("keel", "kr-vs-k-zero-one_vs_draw")]})
