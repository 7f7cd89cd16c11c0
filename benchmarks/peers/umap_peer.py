#!/usr/bin/env python3
"""umap-learn behind the protocol of README.md ("umap"); `umap_peer.py data NAME ROWS.fvecs LABELS.ivecs` writes a set of scikit-learn
(digits, breast_cancer): its columns with mean 0 and variance 1, except those of the digits."""
import json
import resource
import sys
import time
import warnings

import numpy as np


def read(path):
    raw = np.fromfile(path, np.float32)
    return np.ascontiguousarray(raw.reshape(-1, raw[:1].view(np.int32)[0] + 1)[:, 1:])


def write(path, rows):
    rows = np.ascontiguousarray(rows)
    out = np.empty((len(rows), rows.shape[1] + 1), rows.dtype)
    out[:, 0] = np.full(len(rows), rows.shape[1], np.int32).view(rows.dtype)
    out[:, 1:] = rows
    out.tofile(path)


def dataset(name, rows, labels):
    from sklearn import datasets, preprocessing
    data = getattr(datasets, "load_" + name)()
    values = data.data if name == "digits" else preprocessing.scale(data.data)
    write(rows, values.astype(np.float32))
    write(labels, data.target.astype(np.int32)[:, None])


def serve():
    import umap
    warnings.simplefilter("ignore")
    print(json.dumps({"system": "umap-learn " + umap.__version__}), flush=True)
    for line in sys.stdin:
        source, target = line.rstrip("\n").split("\t")
        rows = read(source)
        began, used = time.perf_counter(), time.process_time()
        layout = umap.UMAP(n_neighbors=15, min_dist=0.1, metric="cosine", random_state=42, n_components=2).fit_transform(rows)
        answer = {"wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - used}
        answer["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        write(target, layout.astype(np.float32))
        print(json.dumps(answer), flush=True)


dataset(*sys.argv[2:]) if sys.argv[1:2] == ["data"] else serve()
