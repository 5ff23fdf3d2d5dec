"""Writes metrics.json: metrics of small made-up tables by scikit-learn and imbalanced-learn.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 imbalanced-learn==0.14.2 scipy
    venv/bin/python test/golden/metrics.py

imbalanced-learn 0.14 takes rows for weights where it computes specificity, so there weighted rows are repeated instead.
"""
import json, warnings
from pathlib import Path

import imblearn, numpy, sklearn
import numpy as np
from imblearn import metrics as im
from sklearn import metrics as sk
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent
TOOLS = {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__, "imbalanced-learn": imblearn.__version__}
AVERAGES = ["macro", "micro", "weighted"]


def plain(value):
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def rates(y, guess, w, **view):
    """What scikit-learn weighs, and what imbalanced-learn repeats."""
    times = np.ones(len(y), int) if w is None else w
    many, guesses = np.repeat(y, times), np.repeat(guess, times)
    sensitivity = im.sensitivity_score(many, guesses, **view)
    return {
        "sensitivity": sk.recall_score(y, guess, sample_weight=w, zero_division=0, **view),
        "specificity": im.specificity_score(many, guesses, **view),
        "precision": sk.precision_score(y, guess, sample_weight=w, zero_division=0, **view),
        "f1": sk.f1_score(y, guess, sample_weight=w, zero_division=0, **view),
        "f2": sk.fbeta_score(y, guess, beta=2, sample_weight=w, zero_division=0, **view),
        "gMean": im.geometric_mean_score(many, guesses, **view),
        "iba": im.make_index_balanced_accuracy()(im.geometric_mean_score)(many, guesses, **view),
        "imbalancedSensitivity": sensitivity,
    }


def of_labels(y, guess, w, positive):
    times = np.ones(len(y), int) if w is None else w
    many, guesses = np.repeat(y, times), np.repeat(guess, times)
    result = {
        "confusion": sk.confusion_matrix(y, guess, sample_weight=w),
        "classes": sorted(set(y.tolist()) | set(guess.tolist())),
        "averages": {a: rates(y, guess, w, average=a) for a in AVERAGES},
        "gMean": im.geometric_mean_score(many, guesses),
        "corrected": im.geometric_mean_score(many, guesses, correction=0.01),
        "balancedAccuracy": sk.balanced_accuracy_score(y, guess, sample_weight=w),
        "matthews": sk.matthews_corrcoef(y, guess, sample_weight=w),
        "report": im.classification_report_imbalanced(many, guesses, output_dict=True, zero_division=0),
        "text": im.classification_report_imbalanced(many, guesses, digits=6, zero_division=0),
    }
    if positive is not None:
        result["positive"] = rates(y, guess, w, average="binary", pos_label=positive)
    if len(set(y.tolist())) > 1:
        result["adjusted"] = sk.balanced_accuracy_score(y, guess, sample_weight=w, adjusted=True)
    if y.dtype.kind in "if" and set(guess.tolist()) <= set(y.tolist()):
        result["macroAveragedMae"] = im.macro_averaged_mean_absolute_error(y, guess, sample_weight=w)
    return result


def of_scores(y, p, w, positive):
    hit = (y == positive).astype(int)
    fpr, tpr, at = sk.roc_curve(hit, p, sample_weight=w)
    every = sk.roc_curve(hit, p, sample_weight=w, drop_intermediate=False)
    precision, recall, cut = sk.precision_recall_curve(hit, p, sample_weight=w, drop_intermediate=True)
    whole = sk.precision_recall_curve(hit, p, sample_weight=w)
    clear = np.clip(p, 2.0**-52, 1 - 2.0**-52)
    odds = np.log(clear) - np.log1p(-clear)
    fit = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(odds[:, None], hit, sample_weight=w)
    return {
        "rocAuc": sk.roc_auc_score(hit, p, sample_weight=w),
        "averagePrecision": sk.average_precision_score(hit, p, sample_weight=w),
        "prAuc": sk.auc(whole[1], whole[0]),
        "brier": sk.brier_score_loss(hit, p, sample_weight=w),
        "logLoss": sk.log_loss(hit, p, sample_weight=w, labels=[0, 1]),
        "balancedLogLoss": np.mean([sk.log_loss(hit[hit == c], p[hit == c], sample_weight=None if w is None else w[hit == c], labels=[0, 1]) for c in [0, 1]]),
        "roc": {"falsePositiveRate": fpr, "truePositiveRate": tpr, "thresholds": at[1:]},
        "rocPoints": len(every[0]),
        "precisionRecall": {"precision": precision, "recall": recall, "thresholds": cut},
        "precisionRecallPoints": len(whole[0]),
        "slope": fit.coef_[0, 0],
        "intercept": fit.intercept_[0],
    }


def of_rows(y, rows, w, classes):
    result = {
        "rocAuc": {a: sk.roc_auc_score(y, rows, multi_class="ovr", average=a, sample_weight=w, labels=classes) for a in AVERAGES},
        "averagePrecision": {a: sk.average_precision_score(y, rows, average=a, sample_weight=w) for a in AVERAGES},
        "brier": sk.brier_score_loss(y, rows, sample_weight=w, labels=classes),
        "logLoss": sk.log_loss(y, rows, sample_weight=w, labels=classes),
    }
    if w is None:
        result["pairwise"] = {a: sk.roc_auc_score(y, rows, multi_class="ovo", average=a, labels=classes) for a in ["macro", "weighted"]}
    return result


def deep(value):
    if isinstance(value, dict):
        return {str(key): deep(own) for key, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [deep(own) for own in value]
    return plain(value)


def case(name, y, guess, w=None, p=None, rows=None, positive=None, classes=None):
    given = {"labels": y, "predictions": guess, "weights": w, "probabilities": p, "rows": rows, "positive": positive}
    expected = {"labels": of_labels(y, guess, w, positive)}
    if p is not None:
        expected["scores"] = of_scores(y, p, w, positive)
    if rows is not None:
        expected["rows"] = of_rows(y, rows, w, sorted(set(y.tolist())))
    return {"name": name, "given": deep(given), "expected": deep(expected)}


def make(seed, n, labels, shares):
    """labels, predictions that are right two times in three, probabilities with ties in rows"""
    random = np.random.default_rng(seed)
    y = np.array(labels)[random.choice(len(labels), n, p=shares)]
    y[: len(labels)] = labels
    guess = np.where(random.random(n) < 0.67, y, np.array(labels)[random.integers(0, len(labels), n)])
    raw = random.integers(1, 9, (n, len(labels))) + 6 * (np.array(labels) == y[:, None]) * (random.random((n, 1)) < 0.6)
    return y, guess, raw / raw.sum(axis=1, keepdims=True), random.integers(0, 4, n)


if __name__ == "__main__":
    cases = []
    for seed, (name, labels, shares, positive) in enumerate([
        ("two classes, ties", [0, 1], [0.8, 0.2], 1),
        ("texts, the first one rare", ["fraud", "good"], [0.25, 0.75], "fraud"),
        ("three classes", [1, 2, 3], [0.6, 0.3, 0.1], None),
        ("five texts", ["a", "b", "c", "d", "e"], [0.4, 0.3, 0.15, 0.1, 0.05], None),
    ]):
        y, guess, rows, w = make(seed, 48, labels, shares)
        two = len(labels) == 2
        p = rows[:, labels.index(positive)] if two else None
        for weights in [None, w]:
            cases.append(case(name + (", weighted" if weights is not None else ""), y, guess, weights, p, None if two else rows, positive))
    y = np.array([0, 0, 1, 1, 0, 2, 1, 0])
    cases.append(case("a class that was only predicted", y, np.array([0, 3, 1, 1, 0, 2, 0, 3])))
    cases.append(case("a class that was never predicted", y, np.array([0, 0, 1, 1, 0, 0, 1, 1])))
    cases.append(case("one class, all right", np.zeros(5, int), np.zeros(5, int)))
    cases.append(case("one class, all wrong", np.zeros(5, int), np.ones(5, int), positive=1))
    cases.append(case("all ties and extremes", np.array([0, 1, 0, 1, 1, 0, 1]), np.array([0, 1, 1, 1, 0, 0, 1]), None, np.array([0.0, 1.0, 1.0, 0.5, 0.0, 0.5, 1.0]), None, 1))
    (HERE / "metrics.json").write_text(json.dumps({"tools": TOOLS, "command": "python test/golden/metrics.py", "cases": cases}) + "\n")
