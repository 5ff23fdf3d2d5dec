"""Writes wilcoxon.json: signed-rank tests of pairs that differ by whole numbers, so that ties are ties.

    python3 -m venv venv && venv/bin/pip install scipy==1.17.1
    venv/bin/python test/golden/wilcoxon.py
"""
import json
import pathlib

import numpy as np
import scipy
from scipy import stats

random = np.random.default_rng(1)
cases = []
for n, spread in [(2, 30), (5, 100), (8, 4), (12, 3), (12, 1000), (20, 10**6), (50, 10**6), (60, 10), (200, 40), (70, 10**6)]:
    a = random.integers(-spread, spread, n, endpoint=True) + spread // 4
    tied = len(set(abs(a[a != 0]))) < np.count_nonzero(a) or not a.all()
    exact = n <= 50 and not tied
    for zeros in ["wilcox", "pratt"]:
        for alternative in ["two-sided", "greater", "less"]:
            if n <= 13 and tied:
                method = stats.PermutationMethod(n_resamples=np.inf)
            else:
                method = "exact" if exact else "approx"
            found = stats.wilcoxon(a, zero_method=zeros, alternative=alternative, method=method)
            cases.append({"differences": a.tolist(), "zeros": zeros, "alternative": alternative,
                          "method": "approximate" if method == "approx" else "exact", "pValue": float(found.pvalue)})
out = {"made by": f"scipy {scipy.__version__}, test/golden/wilcoxon.py", "cases": cases}
pathlib.Path(__file__).with_name("wilcoxon.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
