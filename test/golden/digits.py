"""Writes test/golden/digits.json: scikit-learn's digits of two pairs that look alike, for the study of bias correction.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    venv/bin/python test/golden/digits.py

UCI optical recognition of handwritten digits, Alpaydin and Kaynak (1998), CC BY 4.0. A digit is 64 characters, pixels 0 to 16 as digits of base 17.
"""

import json
import os
import platform

import numpy
import sklearn
from sklearn.datasets import load_digits

HERE = os.path.dirname(os.path.abspath(__file__))
PIXELS = "0123456789abcdefg"

digits = load_digits()
rows = {
    str(label): ["".join(PIXELS[int(pixel)] for pixel in row) for row in digits.data[digits.target == label]]
    for label in (3, 8, 4, 9)
}
made_by = {"python": platform.python_version(), "numpy": numpy.__version__, "scikit-learn": sklearn.__version__}
with open(os.path.join(HERE, "digits.json"), "w") as file:
    json.dump({"madeBy": made_by, "rows": rows}, file)
