"""Writes the golden file of the undersamplers that choose rows by distances: condensed nearest neighbor, one-sided selection, NearMiss.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2
    COUNTERPOISE_DATA=<folder with keel/> venv/bin/python test/golden/selection.py

Only row numbers are stored, never rows of the data. Distances come from scikit-learn's k-d tree, which adds up squared differences; brute force there subtracts squares.
"""
import numpy as np
from imblearn.under_sampling import CondensedNearestNeighbour, NearMiss, OneSidedSelection
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

import make
from make import NUMERIC, load

SETS = [name for name in NUMERIC if name != "cleveland-0_vs_4"]
NEAREST = KNeighborsClassifier(n_neighbors=1, algorithm="kd_tree")
STRATEGY = "not minority"


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


def seeded(method, X, y, rows):
    """What is kept of the classes that lose rows, from given seeds: one list of row numbers of a class for each of them, in the order of classes."""
    order = minority_last(y)
    number = np.argsort(order)
    y, places = y[order], []
    for own in rows:
        members = np.flatnonzero(y == y[number[own[0]]])
        places.append([int(np.flatnonzero(members == number[row])[0]) for row in own])
    sampler = method(random_state=Drawn(places), n_seeds_S=len(rows[0]), n_neighbors=NEAREST, sampling_strategy=STRATEGY)
    return sorted(order[kept(sampler, X[order], y)].tolist())


def near_miss(X, y, version, k, m, strategy=STRATEGY):
    def tree(n):
        return NearestNeighbors(n_neighbors=n, algorithm="kd_tree")

    sampler = NearMiss(version=version, n_neighbors=tree(k), n_neighbors_ver3=tree(m), sampling_strategy=strategy)
    return sorted(kept(sampler, X, y).tolist())


def losing(y, rows):
    """Of the classes that lose rows: the smallest keeps all of its own, which need no list."""
    smallest = min(sorted(set(y)), key=lambda label: (y == label).sum())
    return [row for row in rows if y[row] != smallest]


def real(name):
    info, X, _, y = load("keel", name)
    others = np.flatnonzero(y != info["minority"])
    one, three = [int(others[len(others) // 3])], [int(row) for row in others[:: len(others) // 3][:3]]
    return {
        "name": name, "seeds": {"one": one, "three": three},
        "condensed": {"one": losing(y, seeded(CondensedNearestNeighbour, X, y, [one])), "three": losing(y, seeded(CondensedNearestNeighbour, X, y, [three]))},
        # they keep most rows, so the removed ones are listed
        "oneSidedRemoves": sorted(set(range(len(y))) - set(seeded(OneSidedSelection, X, y, [one]))),
        "nearMiss": {str(v): losing(y, near_miss(X, y, v, 3, 3)) for v in (1, 2, 3)},
    }


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
        "condensed": seeded(CondensedNearestNeighbour, X, y, seeds), "oneSided": seeded(OneSidedSelection, X, y, seeds),
        "nearMiss": {str(v): near_miss(X, y, v, 2, 2) for v in (1, 2, 3)},
    }


def misplaced():
    """Where the mixed-up list of condensed nearest neighbor shows: as the rows are, and with the minority last."""
    found = []
    for name in SETS:
        info, X, _, y = load("keel", name)
        others = np.flatnonzero(y != info["minority"])
        sampler = CondensedNearestNeighbour(random_state=Drawn([[len(others) // 3]]), n_neighbors=NEAREST, sampling_strategy=STRATEGY)
        given = len(kept(sampler, X, y))
        fixed = len(seeded(CondensedNearestNeighbour, X, y, [[int(others[len(others) // 3])]]))
        if given != fixed:
            found.append({"name": name, "asGiven": given, "minorityLast": fixed})
    return found


if __name__ == "__main__":
    make.write("selection.json", {"command": "python test/golden/selection.py", "sets": [real(name) for name in SETS], "small": [small(*each) for each in adversarial()], "misplaced": misplaced()})
