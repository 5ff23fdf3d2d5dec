"""Times imbalanced-learn on request. Started by bench/run.js."""
import warnings

import imblearn, numpy, sklearn
import numpy as np
from imblearn.over_sampling import SMOTE, SMOTENC

from serve import serve, timed

warnings.filterwarnings("ignore")


def smote(job):
    X = np.fromfile(job["file"], dtype="<f8").reshape(-1, job["columns"])
    y = np.concatenate([np.ones(job["minority"], int), np.zeros(len(X) - job["minority"], int)])
    return lambda: SMOTE(random_state=0).fit_resample(X, y)


def smotenc(job):
    rows = [line.split(",") for line in open(job["file"]).read().splitlines()]
    table = np.empty((len(rows), len(rows[0]) - 1), dtype=object)
    for c in range(table.shape[1]):
        table[:, c] = [r[c] if c in job["nominal"] else float(r[c]) for r in rows]
    y = np.array([r[-1] for r in rows])
    return lambda: SMOTENC(categorical_features=job["nominal"], random_state=0).fit_resample(table, y)


def task(prepare):
    def answer(job):
        call = prepare(job)
        call()
        return timed(call, job["repeats"])[0]

    return answer


versions = {"imbalanced-learn": imblearn.__version__, "scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
serve(versions, {"smote": task(smote), "smotenc": task(smotenc)})
