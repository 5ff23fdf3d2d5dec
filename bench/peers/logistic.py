"""scikit-learn's logistic regression, asked by bench/logistic.js: rows from a file of doubles, labels from a file of bytes."""
import time, warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

from serve import serve

warnings.simplefilter("ignore")
rows = {}


def load(job):
    rows["X"] = np.fromfile(job["X"]).reshape(-1, job["d"])
    rows["y"] = np.fromfile(job["y"], dtype=np.uint8)
    return {}


def fit(job):
    X, y = rows["X"], rows["y"]
    begun, worked = time.perf_counter(), time.process_time()
    model = LogisticRegression(solver=job["solver"], tol=job["tol"], max_iter=1000).fit(X, y)
    wall, cpu = time.perf_counter() - begun, time.process_time() - worked
    return {"wall": 1e3 * wall, "cpu": 1e3 * cpu, "coefficients": model.coef_[0].tolist(), "intercept": float(model.intercept_[0])}


serve({"scikit-learn": sklearn.__version__, "numpy": np.__version__}, {"load": load, "fit": fit})
