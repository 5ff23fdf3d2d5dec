"""Times imbalanced-learn on request. Started by bench/run.js, bench/methods.js, bench/evaluation.js and bench/tuning.js."""
import warnings

import imblearn, numpy, sklearn
import numpy as np
import inspect
from imblearn import over_sampling, under_sampling
from imblearn.over_sampling import SMOTE, SMOTENC
from imblearn.pipeline import Pipeline, make_pipeline
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold, StratifiedKFold, cross_validate
from sklearn.neighbors import NearestNeighbors

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


def resample(job):
    """Any sampler by name with its defaults, its neighbors on as many jobs as are told."""
    X = np.fromfile(job["file"], dtype="<f8").reshape(-1, job["columns"])
    y = np.fromfile(job["labels"], dtype="u1").astype(int)
    kind = getattr(over_sampling, job["name"], None) or getattr(under_sampling, job["name"])
    params = dict(job.get("params") or {})
    known = inspect.signature(kind).parameters
    if "random_state" in known:
        params.setdefault("random_state", 0)
    if "n_jobs" in known:
        params.setdefault("n_jobs", job["threads"])
    elif job["name"] in ("SMOTE", "BorderlineSMOTE", "ADASYN", "SVMSMOTE"):
        k, m = known.get("k_neighbors", known.get("n_neighbors")), known.get("m_neighbors")
        params["k_neighbors" if "k_neighbors" in known else "n_neighbors"] = NearestNeighbors(n_neighbors=k.default + 1, n_jobs=job["threads"])
        if m is not None:
            params["m_neighbors"] = NearestNeighbors(n_neighbors=m.default + 1, n_jobs=job["threads"])
    return lambda: kind(**params).fit_resample(X, y)


def evaluate(job):
    """Cross-validation of SMOTE and logistic regression, folds on as many jobs as are told."""
    X = np.fromfile(job["file"], dtype="<f8").reshape(-1, job["columns"])
    y = np.fromfile(job["labels"], dtype="u1").astype(int)
    steps = [SMOTE(random_state=0)] if job["resample"] else []
    pipeline = make_pipeline(*steps, LogisticRegression(max_iter=1000))
    folds = RepeatedStratifiedKFold(n_splits=job["folds"], n_repeats=job["repeats_of_folds"], random_state=0)
    return lambda: cross_validate(pipeline, X, y, cv=folds, scoring=job["metrics"], n_jobs=job["threads"])


def tune(job):
    """A search of SMOTE's size by balanced log loss on five folds, on as many jobs as are told."""
    X = np.fromfile(job["file"], dtype="<f8").reshape(-1, job["columns"])
    y = np.fromfile(job["labels"], dtype="u1").astype(int)
    folds = StratifiedKFold(n_splits=job["folds"], shuffle=True, random_state=0)

    def sized(gamma):
        def counts(labels):
            few, many = np.sum(labels == 1), np.sum(labels == 0)
            return {1: int(few + round(gamma * (many - few)))}

        return SMOTE(sampling_strategy=counts, random_state=0) if gamma > 0 else "passthrough"

    def score(model, rows, labels):
        losses = -np.log(np.clip(model.predict_proba(rows)[np.arange(len(labels)), labels], 1e-15, 1))
        return -np.mean([losses[labels == code].mean() for code in (0, 1)])

    pipeline = Pipeline([("rows", "passthrough"), ("model", LogisticRegression(max_iter=1000))])
    grid = {"rows": [sized(gamma) for gamma in job["grid"]]}
    return lambda: GridSearchCV(pipeline, grid, scoring=score, cv=folds, n_jobs=job["threads"], refit=False).fit(X, y)


def timedOnce(prepare):
    return lambda job: timed(prepare(job), job["repeats"])[0]


def task(prepare):
    def answer(job):
        call = prepare(job)
        call()
        return timed(call, job["repeats"])[0]

    return answer


versions = {"imbalanced-learn": imblearn.__version__, "scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
serve(versions, {"smote": task(smote), "smotenc": task(smotenc), "resample": timedOnce(resample), "evaluate": timedOnce(evaluate), "tune": timedOnce(tune)})
