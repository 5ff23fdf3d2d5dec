"""Writes distributions.json: tails and quantiles of the normal, Student's t and chi-squared distributions.

    python3 -m venv venv && venv/bin/pip install scipy==1.17.1
    venv/bin/python test/golden/distributions.py
"""
import json
import pathlib

import scipy
from scipy import stats

# where scipy 1.17.1 itself is good to 1e-10: not for |t| below 1e-8, quantiles very near the median, and hundreds of millions of degrees of freedom
POINTS = [-1e8, -40, -8.5, -3, -1.96, -1, -0.1, 0, 1e-5, 0.3, 0.674, 1, 1.5, 2, 2.576, 5, 12, 37, 1e3, 1e8]
DEGREES = [0.5, 1, 1.5, 2, 3, 4, 7, 14, 29.5, 30, 99, 1000, 123456.7]
SHARES = [1e-12, 1e-6, 0.001, 0.025, 0.1, 0.25, 0.45, 0.5, 0.6, 0.75, 0.95, 0.975, 0.999, 0.999999]


def entry(law, name, df, points):
    return {"law": name, "df": df,
            "tails": [[x, float(law.cdf(x)), float(law.sf(x))] for x in points],
            "quantiles": [[p, float(law.ppf(p))] for p in SHARES]}


found = [entry(stats.norm, "normal", None, [x for x in POINTS if abs(x) < 1e3])]
found += [entry(stats.t(df), "studentT", df, POINTS) for df in DEGREES]
found += [entry(stats.chi2(df), "chiSquared", df, sorted({0, 1e-20, 1e-3, 0.1, 1, 3.84, 10, 50, 200, *(df * r for r in (0.01, 0.5, 0.99, 1, 1.01, 2))})) for df in DEGREES]
out = {"made by": f"scipy {scipy.__version__}, test/golden/distributions.py", "distributions": found}
pathlib.Path(__file__).with_name("distributions.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
