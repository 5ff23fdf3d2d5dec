"""Writes the golden file of the undersamplers that choose rows by distances: condensed nearest neighbor, one-sided selection, NearMiss.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2
    COUNTERPOISE_DATA=<folder with keel/> venv/bin/python test/golden/selection.py

Only row numbers are stored, never rows of the data. Which of equally near rows comes first depends there on the algorithm, the order and rounding. Here every search is replaced by one
that compares f64 sums of squared differences, then row numbers, and for which a row is its own first neighbor; everything else is that library's own code. Where its own searches lead to
other rows, "ties" says so.
"""
import numpy as np
from imblearn.under_sampling import CondensedNearestNeighbour, NearMiss, OneSidedSelection
from imblearn.under_sampling._prototype_selection import _tomek_links
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

import make
from make import NUMERIC, load

SETS = [name for name in NUMERIC if name != "cleveland-0_vs_4"]
STRATEGY = "not minority"


def numbered(X):
    """Rows with their numbers in a last column, which searches in order look at for ties alone."""
    return np.column_stack([X, np.arange(len(X), dtype=float)])


def squares(queries, reference):
    total = np.zeros((len(queries), len(reference)))
    for c in range(reference.shape[1] - 1):
        apart = queries[:, c, None] - reference[None, :, c]
        total += apart * apart
    same = queries[:, -1, None] == reference[None, :, -1]
    total[same] = -1
    return total


def blocks(queries):
    return [queries[at : at + 256] for at in range(0, len(queries), 256)]


class OrderedClassifier(KNeighborsClassifier):
    def fit(self, X, y):
        self.rows, self.labels = X, y
        return self

    def predict(self, X):
        found = []
        for part in blocks(X):
            near = squares(part, self.rows)
            first = np.where(near == near.min(axis=1, keepdims=True), self.rows[None, :, -1], np.inf).argmin(axis=1)
            found.append(self.labels[first])
        return np.concatenate(found)


class OrderedNeighbors(NearestNeighbors):
    def fit(self, X, y=None):
        self.rows = X
        return self

    def kneighbors(self, X, n_neighbors=None, return_distance=True):
        k, distances, found = n_neighbors or self.n_neighbors, [], []
        for part in blocks(X):
            for near in squares(part, self.rows):
                order = np.lexsort((self.rows[:, -1], near))[:k]
                found.append(order)
                distances.append(np.sqrt(np.maximum(near[order], 0)))
        return (np.array(distances), np.array(found)) if return_distance else np.array(found)


class Tools:
    """That library's own searches, or those in order; condensed nearest neighbor and NearMiss take them as options, Tomek links do not."""

    def __init__(self, ordered):
        self.classifier = OrderedClassifier(n_neighbors=1) if ordered else None
        self.neighbors = OrderedNeighbors if ordered else NearestNeighbors
        _tomek_links.NearestNeighbors = self.neighbors
        self.rows = numbered if ordered else (lambda X: X)


class Drawn(np.random.RandomState):
    """Hands out given places instead of drawing them, class after class."""

    def __init__(self, places):
        super().__init__(0)
        self.places = list(places)

    def randint(self, *_, **__):
        return np.array(self.places.pop(0))


def kept(sampler, X, y):
    sampler.fit_resample(X, y)
    return sampler.sample_indices_


def minority_last(y):
    """
    Condensed nearest neighbor there keeps row numbers and places within the class in one list, and passes over a row whose place in its class is the number of a row that stays.
    In an order where both are the same, this changes nothing.
    """
    smallest = min(sorted(set(y)), key=lambda label: (y == label).sum())
    return np.argsort(y == smallest, kind="stable")


def seeded(method, X, y, rows, ordered=True):
    """What is kept, from given seeds: one list of row numbers of a class for each class that loses rows, in the order of classes."""
    tools = Tools(ordered)
    order = minority_last(y)
    number = np.argsort(order)
    X, y, places = tools.rows(X)[order], y[order], []
    for own in rows:
        members = np.flatnonzero(y == y[number[own[0]]])
        places.append([int(np.flatnonzero(members == number[row])[0]) for row in own])
    sampler = method(random_state=Drawn(places), n_seeds_S=len(rows[0]), n_neighbors=tools.classifier, sampling_strategy=STRATEGY)
    return sorted(order[kept(sampler, X, y)].tolist())


def near_miss(X, y, version, k, m, ordered=True):
    tools = Tools(ordered)
    sampler = NearMiss(version=version, n_neighbors=tools.neighbors(n_neighbors=k), n_neighbors_ver3=tools.neighbors(n_neighbors=m), sampling_strategy=STRATEGY)
    return sorted(kept(sampler, tools.rows(X), y).tolist())


def condensed_each(X, y, rows):
    """Condensed nearest neighbor of each class and the smallest alone, which is all that it looks at: of several classes only one can come first."""
    smallest = min(sorted(set(y)), key=lambda label: (y == label).sum())
    found = set()
    for own in rows:
        members = np.flatnonzero((y == y[own[0]]) | (y == smallest))
        places = [int(np.flatnonzero(members == row)[0]) for row in own]
        found |= set(members[seeded(CondensedNearestNeighbour, X[members], y[members], [places])].tolist())
    return sorted(found)


def losing(y, rows):
    """Of the classes that lose rows: the smallest keeps all of its own, which need no list."""
    smallest = min(sorted(set(y)), key=lambda label: (y == label).sum())
    return [row for row in rows if y[row] != smallest]


def real(name):
    info, X, _, y = load("keel", name)
    others = np.flatnonzero(y != info["minority"])
    one, three = [int(others[len(others) // 3])], [int(row) for row in others[:: len(others) // 3][:3]]

    def results(ordered):
        removed = set(range(len(y))) - set(seeded(OneSidedSelection, X, y, [one], ordered))
        return {
            "condensed": losing(y, seeded(CondensedNearestNeighbour, X, y, [one], ordered)),
            "condensedFromThree": losing(y, seeded(CondensedNearestNeighbour, X, y, [three], ordered)),
            # it keeps most rows
            "oneSidedRemoves": sorted(removed),
            **{f"nearMiss{version}": losing(y, near_miss(X, y, version, 3, 3, ordered)) for version in (1, 2, 3)},
        }

    found, theirs = results(True), results(False)
    return {"name": name, "seeds": {"one": one, "three": three}, **found, "ties": [key for key in found if found[key] != theirs[key]]}


def adversarial():
    """Small sets with rows: duplicates in and across classes, a grid full of ties, a constant column, one column, three classes. Coordinates are whole numbers."""
    numbers = np.random.RandomState(7)
    three = np.array(["a"] * 30 + ["b"] * 12 + ["c"] * 7)[numbers.permutation(49)]
    spread = numbers.randint(0, 50, (49, 3)) + np.array([{"a": 0, "b": 9, "c": 20}[label] for label in three])[:, None]
    two = np.array(["a"] * 24 + ["b"] * 8)[numbers.permutation(32)]
    return [
        ("three classes", spread, three),
        ("one column", spread[:, :1], three),
        ("a constant column and a huge offset", np.column_stack([spread + 1_000_000_000, np.full(49, 5)]), three),
        ("duplicates", np.repeat(spread[:16], 2, axis=0), two),
        ("a grid", np.array([[i // 8, i % 8] for i in range(32)]), two),
    ]


def small(name, X, y):
    sizes = {label: int((y == label).sum()) for label in sorted(set(y))}
    smallest = min(sizes, key=lambda label: sizes[label])
    seeds = [[int(np.flatnonzero(y == label)[1])] for label in sizes if label != smallest]
    X = X.astype(float)
    return {
        "name": name, "X": X.astype(int).tolist(), "y": y.tolist(), "seeds": seeds,
        "condensed": condensed_each(X, y, seeds), "oneSided": seeded(OneSidedSelection, X, y, seeds),
        **{f"nearMiss{version}": near_miss(X, y, version, 2, 2) for version in (1, 2, 3)},
    }


def misplaced():
    """Rows that condensed nearest neighbor keeps where its mixed-up list shows: as the rows are given, and with the minority last."""
    found = []
    for name in SETS:
        info, X, _, y = load("keel", name)
        others = np.flatnonzero(y != info["minority"])
        place = len(others) // 3
        sampler = CondensedNearestNeighbour(random_state=Drawn([[place]]), n_neighbors=Tools(True).classifier, sampling_strategy=STRATEGY)
        given, last = len(kept(sampler, numbered(X), y)), len(seeded(CondensedNearestNeighbour, X, y, [[int(others[place])]]))
        if given != last:
            found.append({"name": name, "asGiven": given, "minorityLast": last})
    return found


if __name__ == "__main__":
    content = {"sets": [real(name) for name in SETS], "small": [small(*each) for each in adversarial()], "misplaced": misplaced()}
    make.write("selection.json", {"command": "python test/golden/selection.py", **content})
