"""Writes geometric.json and polynom.json: how other tools shape new rows, their random numbers handed in.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2 imbalanced-learn-extra==0.2.10 metric-learn minisom pandas seaborn
    venv/bin/pip install --no-deps smote-variants==1.0.1
    venv/bin/python test/golden/geometry.py
"""
import json, logging, warnings
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")
import numpy as np
from smote_variants.oversampling import _polynom_fit_smote as variants
from imblearn_extra.gsmote import geometric_smote as tool

logging.getLogger("smote_variants").setLevel(logging.ERROR)
HERE = Path(__file__).parent
NAMES = ["numpy", "scikit-learn", "imbalanced-learn-extra", "smote-variants"]


class Drawn:
    """A random state that gives what it was given."""

    def __init__(self, **numbers):
        self.numbers = numbers

    def normal(self, size):
        return self.numbers["normal"].copy()

    def uniform(self, size):
        return self.numbers["uniform"]

    def random_sample(self, size):
        return self.numbers["random_sample"]


def shaped(generator, d, truncation, deformation):
    """One row around a center. The radius of a point of the ball is that of d of d + 2 normal numbers, which the tool draws as a power of a uniform one."""
    center, surface, normals = generator.normal(size=d) * 3, generator.normal(size=d) * 3, generator.normal(size=d + 2)
    radius = np.linalg.norm(normals[:d]) / np.linalg.norm(normals)
    drawn = Drawn(normal=normals[:d], uniform=np.array([radius**d]))
    made = tool.make_geometric_sample(center, surface, truncation, deformation, drawn)
    return {"center": center.tolist(), "surface": surface.tolist(), "normals": normals.tolist(),
            "truncation": truncation, "deformation": deformation, "made": made.tolist()}


def surfaces(X, y, selection, k):
    """The surface point of every (center, neighbor) that the tool may draw."""
    sampler = tool.GeometricSMOTE(k_neighbors=k, selection_strategy=selection, random_state=0)
    sampler.fit_resample(X, y)
    width = 1 if selection == "majority" else k
    pairs = int((y == 1).sum()) * width
    sampler.random_state_ = type("Every", (), {"randint": lambda self, low, high, size: np.arange(pairs)})()
    original, tool.make_geometric_sample = tool.make_geometric_sample, lambda center, surface, *_: surface
    points, _, _ = sampler._make_geometric_samples(X, X, y, 1, pairs)
    tool.make_geometric_sample = original
    return {"selection": selection, "k": k, "neighbors": [[int(np.flatnonzero((X == point).all(axis=1))[0]) for point in row] for row in points.reshape(-1, width, X.shape[1])]}


def topology(generator, n, d, name, rounds):
    """The rows that the tool adds to a class of n rows, `rounds` for each."""
    rare, common = generator.normal(size=(n, d)) * 2 + 1, generator.normal(size=(n * (rounds + 1), d))
    method = variants.polynom_fit_SMOTE(topology=name)
    # of the polynomials, their values at the ranks of the rows
    method.random_state = Drawn(random_sample=np.arange(n) / n)
    X, _ = method.sample(np.vstack([common, rare]), np.array([0] * len(common) + [1] * n))
    return {"topology": name, "rounds": rounds, "rare": rare.tolist(), "made": X[len(common) + n :].tolist()}


def write(name, content):
    tools = {name: version(name) for name in NAMES}
    (HERE / name).write_text(json.dumps({"tools": tools, "command": "python test/golden/geometry.py", **content}) + "\n")


if __name__ == "__main__":
    generator = np.random.default_rng(2019)
    factors = [(t, f) for t in (-1.0, -0.4, 0.0, 0.3, 1.0) for f in (0.0, 0.5, 1.0)]
    rows = [shaped(generator, d, *factor) for d in (1, 2, 3, 7) for factor in factors for _ in range(2)]
    X = np.vstack([generator.normal(size=(30, 3)), 0.5 * generator.normal(size=(12, 3)) + 0.7])
    y = np.array([0] * 30 + [1] * 12)
    chosen = [surfaces(X, y, selection, k) for selection in ("combined", "minority", "majority") for k in (1, 5)]
    write("geometric.json", {"rows": rows, "X": X.tolist(), "y": y.tolist(), "surfaces": chosen})
    generator = np.random.default_rng(2008)
    cases = [("star", 1), ("star", 3), ("star", 7), ("bus", 1), ("bus", 3), ("poly_1", 1), ("poly_2", 1), ("poly_3", 1)]
    write("polynom.json", {"cases": [topology(generator, n, d, name, rounds) for name, rounds in cases for n, d in ((8, 3), (13, 1))]})
