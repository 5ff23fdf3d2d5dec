"""Writes under.json: rows that imbalanced-learn's cleaners keep.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2
    COUNTERPOISE_DATA=<folder with keel/, multi/> venv/bin/python test/golden/under.py

Every case is run twice: `plain`, as the library is, and `ordered`, with neighbors that come in our order (squared f64 distance summed in column order, then
row number, never the row itself) in place of scikit-learn's, so that all that is left to compare is the method. For the latter a column of row numbers stands
behind the features, which the neighbors look at and the methods hand through; rows are sorted by class, because some methods take the first class they see for the
smallest of several; and "auto" is resolved once, not again before each pass over what the last one left. Only hashes of row numbers are stored, never rows of the data.
"""
import hashlib, json, warnings

import imblearn.under_sampling._prototype_selection._neighbourhood_cleaning_rule as cleaning_rule
import imblearn.under_sampling._prototype_selection._tomek_links as tomek_links
import imblearn.utils._validation as validation
import numpy as np
from imblearn.under_sampling import AllKNN, EditedNearestNeighbours, NeighbourhoodCleaningRule, RepeatedEditedNearestNeighbours, TomekLinks
from sklearn.base import clone
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from make import HERE, NUMERIC, TOOLS, load

warnings.filterwarnings("ignore")
SETS = [("keel", name) for name in NUMERIC if name != "cleveland-0_vs_4"] + [("multi", name) for name in ["ecoli", "glass", "newthyroid", "balance"]]

# our name, our options, theirs
CASES = [
    ("tomekLinks", {}, TomekLinks()),
    ("tomekLinks", {"strategy": "all"}, TomekLinks(sampling_strategy="all")),
    ("tomekLinks", {"strategy": "majority"}, TomekLinks(sampling_strategy="majority")),
    ("editedNearestNeighbors", {}, EditedNearestNeighbours()),
    ("editedNearestNeighbors", {"select": "mode"}, EditedNearestNeighbours(kind_sel="mode")),
    ("editedNearestNeighbors", {"strategy": "all", "kNeighbors": 5}, EditedNearestNeighbours(sampling_strategy="all", n_neighbors=5)),
    ("editedNearestNeighbors", {"strategy": "not majority", "kNeighbors": 2, "select": "mode"}, EditedNearestNeighbours(sampling_strategy="not majority", n_neighbors=2, kind_sel="mode")),
    ("repeatedEditedNearestNeighbors", {}, RepeatedEditedNearestNeighbours()),
    ("repeatedEditedNearestNeighbors", {"select": "mode", "maxIterations": 3}, RepeatedEditedNearestNeighbours(kind_sel="mode", max_iter=3)),
    ("allKnn", {}, AllKNN()),
    ("allKnn", {"select": "mode", "kNeighbors": 5, "allowMinority": True}, AllKNN(kind_sel="mode", n_neighbors=5, allow_minority=True)),
    ("neighborhoodCleaningRule", {"compat": "imbalanced-learn"}, NeighbourhoodCleaningRule()),
    ("neighborhoodCleaningRule", {"compat": "imbalanced-learn", "kNeighbors": 5, "threshold": 2.1}, NeighbourhoodCleaningRule(n_neighbors=5, threshold_cleaning=2.1)),
]


class Ordered:
    """Nearest rows in our order, the row itself first; the last column is the row number."""

    def kneighbors(self, X=None, n_neighbors=None, return_distance=True):
        k = n_neighbors or self.n_neighbors
        known, ids = self._fit_X[:, :-1], self._fit_X[:, -1]
        places = np.empty((len(X), k), dtype=int)
        for i, row in enumerate(X):
            total = np.zeros(len(known))
            for c in range(known.shape[1]):
                apart = row[c] - known[:, c]
                total = total + apart * apart
            total[ids == row[-1]] = -1
            places[i] = np.lexsort((ids, total))[:k]
        return (None, places) if return_distance else places


class OrderedNeighbors(Ordered, NearestNeighbors):
    pass


class OrderedClassifier(Ordered, KNeighborsClassifier):
    def predict(self, X):
        return np.array([np.bincount(self._y[near]).argmax() for near in self.kneighbors(X, return_distance=False)])


def in_our_order(on):
    validation.NearestNeighbors = tomek_links.NearestNeighbors = OrderedNeighbors if on else NearestNeighbors
    cleaning_rule.KNeighborsClassifier = OrderedClassifier if on else KNeighborsClassifier


def kept(sampler, X, y, ordered):
    in_our_order(ordered)
    if not ordered:
        sampler.fit_resample(X, y)
        return np.sort(sampler.sample_indices_).astype("<u4")
    order = np.argsort(y, kind="stable")
    counts = np.bincount(y)
    once = clone(sampler)
    if once.sampling_strategy == "auto":
        once.set_params(sampling_strategy=[c for c in range(len(counts)) if c != counts.argmin()])
    once.fit_resample(np.column_stack([X, np.arange(len(X))])[order], y[order])
    return np.sort(order[once.sample_indices_]).astype("<u4")


def results(X, y):
    codes = np.unique(y, return_inverse=True)[1]
    found = []
    for name, options, sampler in CASES:
        plain, ordered = kept(sampler, X, codes, False), kept(sampler, X, codes, True)
        found.append({
            "kept": len(ordered), "rows": hashlib.sha256(ordered.tobytes()).hexdigest()[:16],
            # rows that are different in the library as it is
            "plain": len(np.setxor1d(plain, ordered)),
        })
    return found


def real(folder, name):
    _, X, _, y = load(folder, name)
    return {"folder": folder, "name": name, "n": len(y), "results": results(X, y)}


def adversarial():
    i = np.arange(48)
    grid = np.column_stack([i % 8, i // 8]).astype(float)
    some = (i * 7 % 48 < 13).astype(int)
    sets = {
        "a grid, where every row has ties": (grid, some),
        "equal rows in both classes": (np.column_stack([i // 3 * 1.5, i // 3 % 4]).astype(float), some),
        "columns that say nothing": (np.column_stack([np.full(48, 7.0), grid[:, 0] + grid[:, 1] / 3, np.zeros(48)]), some),
        "a class of one row among three": (grid + some[:, None] / 4, np.where(i == 20, 2, some)),
        "far from zero": (1e9 + grid / 1024, some),
        "one column": ((i * i % 53).astype(float)[:, None], some),
        "all rows equal": (np.ones((12, 2)), some[:12]),
        "five classes": (grid + (i[:, None] % 5) / 3, i * i % 7 % 5),
    }
    return [{"name": name, "X": X.tolist(), "y": y.tolist(), "results": results(X, y)} for name, (X, y) in sets.items()]


if __name__ == "__main__":
    content = {
        "tools": TOOLS, "command": "python test/golden/under.py",
        "cases": [{"method": name, "options": options} for name, options, _ in CASES],
        "adversarial": adversarial(), "real": [real(*each) for each in SETS],
    }
    (HERE / "under.json").write_text(json.dumps(content) + "\n")
