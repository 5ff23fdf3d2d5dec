"""Times the nearest-neighbor self search of one library, named by the argument. Started by bench/neighbors/crew.js."""
import sys

import numpy as np

from serve import serve, timed

# rows of the file, in the precision that a method takes
data = {}


def scikit_learn():
    import sklearn
    from sklearn.neighbors import NearestNeighbors

    # trees compute in double precision whatever they are given, so only brute has a single one; "auto" is one of the three
    def method(algorithm, precision):
        def prepare(X, k, threads):
            return lambda: NearestNeighbors(n_neighbors=k, algorithm=algorithm, n_jobs=threads).fit(X).kneighbors(return_distance=True)[1]

        return precision, prepare

    methods = {name: method(name, "f8") for name in ["kd_tree", "ball_tree", "brute"]}
    return {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, methods | {"brute, f32": method("brute", "f4")}


def faiss():
    import faiss

    def flat(X, k, threads):
        faiss.omp_set_num_threads(threads)

        def call():
            index = faiss.IndexFlatL2(X.shape[1])
            index.add(X)
            return index.search(X, k + 1)[1]

        return call

    return {"faiss-cpu": faiss.__version__}, {"flat": ("f4", flat)}


def hnswlib():
    import hnswlib
    from importlib.metadata import version

    def graph(X, k, threads):
        def call():
            index = hnswlib.Index("l2", X.shape[1])
            index.init_index(len(X), M=16, ef_construction=200)
            index.set_num_threads(threads)
            index.add_items(X)
            index.set_ef(64)
            return index.knn_query(X, k + 1)[0]

        return call

    return {"hnswlib": version("hnswlib")}, {"graph": ("f4", graph)}


def usearch():
    import usearch
    from usearch.index import Index

    def graph(X, k, threads):
        keys = np.arange(len(X))

        def call():
            index = Index(ndim=X.shape[1], metric="l2sq", dtype="f32")
            index.add(keys, X, threads=threads)
            return index.search(X, k + 1, threads=threads).keys

        return call

    return {"usearch": usearch.__version__}, {"graph": ("f4", graph)}


def without_self(indices, k):
    """(n, k): each row without itself, or without its last where other rows at no distance came before it."""
    if indices.shape[1] == k:
        return indices
    others = indices != np.arange(len(indices))[:, None]
    others[others.all(axis=1), -1] = False
    return indices[others].reshape(-1, k)


def load(job):
    X = np.fromfile(job["file"], dtype="<f8").reshape(-1, job["columns"])
    data["f8"], data["f4"] = X, X.astype("f4")
    return {}


def time(job):
    precision, prepare = methods[job["method"]]
    X = data[precision][: job.get("rows")]
    times, indices = timed(prepare(X, job["k"], job["threads"]), job["repeats"])
    if "out" in job:
        without_self(np.asarray(indices), job["k"]).astype("<u4").tofile(job["out"])
    return {"times": times}


def digits(job):
    """Writes scikit-learn's handwritten digits."""
    from sklearn.datasets import load_digits

    X = load_digits().data.astype("<f8")
    X.tofile(job["file"])
    return {"columns": X.shape[1]}


versions, methods = {"scikit-learn": scikit_learn, "faiss": faiss, "hnswlib": hnswlib, "usearch": usearch}[sys.argv[1]]()
serve(versions, {"load": load, "time": time, "digits": digits})
