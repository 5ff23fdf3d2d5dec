"""Writes oversamplers.json: what reference tools decide for the oversamplers that look at other classes.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2 pandas==3.1.1
    venv/bin/pip install --no-deps smote-variants==1.0.1
    COUNTERPOISE_DATA=<folder with keel/, mixed/, multi/> venv/bin/python test/golden/oversamplers.py

What smote-variants imports, and the classes used here do not need, is replaced by mocks. Rows for which equal distances leave a choice are listed as unsure. Only results are
stored, never rows of the data.
"""
import json, logging, sys, warnings
from unittest.mock import MagicMock

for name in "seaborn matplotlib matplotlib.pyplot minisom metric_learn tensorflow keras keras.models keras.layers keras.callbacks statsmodels mkl".split():
    sys.modules[name] = MagicMock()

import imblearn, numpy as np, sklearn
import smote_variants as sv
from imblearn.over_sampling import ADASYN, BorderlineSMOTE
from sklearn.neighbors import NearestNeighbors

from make import HERE, load

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
M, K = 10, 5
SETS = [("keel", "yeast-1_vs_7"), ("keel", "ecoli3"), ("keel", "glass1"), ("keel", "vowel0"), ("multi", "ecoli"), ("multi", "glass")]


def unsure(X, rows, m):
    """Rows with twins, or whose m-th and next neighbors are equally far."""
    distances, _ = NearestNeighbors(n_neighbors=m + 2, algorithm="kd_tree").fit(X).kneighbors(X[rows])
    return [int(r) for r, d in zip(rows, distances) if d[1] == 0 or d[m + 1] - d[m] <= 1e-9]


def borderline(X, y, label, kind):
    sampler = BorderlineSMOTE(kind=kind, m_neighbors=M, k_neighbors=K, random_state=0, sampling_strategy={label: int((y == label).sum()) + 1})
    sampler.fit_resample(X, y)
    danger = sampler.in_danger_indices.get(label, np.array([], dtype=int))
    if len(danger) == 0:
        return danger, []
    rows = np.flatnonzero(y == label)
    among = rows if kind == "borderline-1" else np.arange(len(y))
    nns = sampler.nn_k_.kneighbors(X[danger], return_distance=False)[:, 1:]
    picked = np.random.default_rng(1)
    at, cols, steps = picked.integers(0, len(danger), 6), picked.integers(0, K, 6), picked.random((6, 1))
    made = sampler._generate_samples(X[danger], X[among], nns, at, cols, steps, label, y if kind == "borderline-2" else None)
    towards = among[nns[at, cols]]
    gaps = steps[:, 0].copy()
    if kind == "borderline-2":
        foreign = y[towards] != label
        gaps[foreign] *= np.random.RandomState(0).uniform(low=0.0, high=0.5, size=(foreign.sum(), 1))[:, 0]
    return danger, [
        {"base": int(b), "neighbor": int(n), "gap": float(g), "row": r.tolist()} for b, n, g, r in zip(danger[at], towards, gaps, made)
    ]


def adasyn(X, y, label):
    """Foreign neighbors of each row, and how many rows the library makes of it; -1 where it makes none at all."""
    rows = np.flatnonzero(y == label)
    nns = NearestNeighbors(n_neighbors=K + 1).fit(X).kneighbors(X[rows], return_distance=False)[:, 1:]
    foreign = (y[nns] != label).sum(axis=1)
    wanted = int(max(np.unique(y, return_counts=True)[1]) - len(rows))
    try:
        made, _ = ADASYN(n_neighbors=K, random_state=0, sampling_strategy={label: len(rows) + wanted}).fit_resample(X, y)
        total = len(made) - len(y)
    except (RuntimeError, ValueError):
        total = -1
    return {"foreign": foreign.tolist(), "wanted": wanted, "total": total}


class Fixed:
    """Draws of smote-variants: every pair once, all gaps at one end."""

    def __init__(self, value):
        self.value = value

    def choice(self, values, *_, **__):
        return values

    def random_sample(self, size):
        return np.full(size, self.value)


def safe_level(X, y, label):
    sampler = sv.Safe_Level_SMOTE(n_neighbors=K)
    binary = (y == label).astype(int)
    sampler.min_label, sampler.maj_label = 1, 0
    indices = NearestNeighbors(n_neighbors=K + 1).fit(X).kneighbors(X, return_distance=False)
    pairs = sampler.slp_sln(binary, indices)
    if len(pairs) == 0:
        return []
    ends = []
    for value in (0.0, 1.0):
        sampler._random_state_init, sampler.random_state = None, Fixed(value)
        ends.append(sampler.generate_samples(X, binary, pairs, len(pairs))[0][len(X) :])
    spans = []
    for (base, neighbor, *_), low, high in zip(pairs.tolist(), *ends):
        apart = X[neighbor] - X[base]
        if binary[neighbor] != 1 or not apart.any():
            continue
        spans.append([base, neighbor, *(float(np.dot(end - X[base], apart) / np.dot(apart, apart)) for end in (low, high))])
    return spans[:: max(1, len(spans) // 40)]


def prowsyn(X, y, label):
    sampler = sv.ProWSyn(n_neighbors=K, L=4)
    binary = (y == label).astype(int)
    sampler.class_label_statistics(binary)
    sampler.min_label, sampler.maj_label = 1, 0
    return [sorted(level.tolist()) for level in sampler.determine_clusters_proximity_levels(X, binary)[0]]


def lee(X, y, label):
    """Candidates between rows of the class, and whether Lee's test of smote-variants accepts them: it stops at the first that it does."""
    sampler = sv.Lee(n_neighbors=K)
    binary = (y == label).astype(int)
    sampler.min_label, sampler.maj_label = 1, 0
    rows = np.flatnonzero(y == label)
    picked = np.random.default_rng(2)
    near = NearestNeighbors(n_neighbors=K).fit(X)
    tried = []
    for _ in range(12):
        base, neighbor, gap = *picked.choice(rows, 2, replace=False), picked.random()
        point = X[base] + gap * (X[neighbor] - X[base])
        calls = []

        def candidate(**_):
            if calls:
                raise StopIteration
            calls.append(1)
            return point[None, :]

        sampler.sample_simplex = candidate
        try:
            accepted = len(sampler.generate_samples(y=binary, X_min=X[rows], n_to_sample=1, ind_min=None, nnmt=near)) == 1
        except StopIteration:
            accepted = False
        tried.append({"base": int(base), "neighbor": int(neighbor), "gap": float(gap), "accepted": accepted})
    return tried


def decide(folder, name):
    _, X, _, y = load(folder, name)
    classes = []
    for label, count in zip(*np.unique(y, return_counts=True)):
        if count <= K or count > len(y) / 2:
            continue
        label = str(label)
        rows = np.flatnonzero(y == label)
        danger, one = borderline(X, y, label, "borderline-1")
        _, two = borderline(X, y, label, "borderline-2")
        classes.append({
            "label": label, "unsure": sorted(set(unsure(X, rows, M)) | set(unsure(X, rows, K))), "danger": danger.tolist(), "one": one, "two": two,
            "adasyn": adasyn(X, y, label), "safeLevel": safe_level(X, y, label), "prowsyn": prowsyn(X, y, label), "lee": lee(X, y, label),
        })
    return {"folder": folder, "name": name, "classes": classes}


if __name__ == "__main__":
    tools = {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "imbalanced-learn": imblearn.__version__, "smote-variants": "1.0.1"}
    content = {"tools": tools, "command": "python test/golden/oversamplers.py", "m": M, "k": K, "sets": [decide(*each) for each in SETS]}
    (HERE / "oversamplers.json").write_text(json.dumps(content) + "\n")
