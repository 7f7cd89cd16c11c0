#!/usr/bin/env python3
"""FAISS (IndexHNSWFlat) or hnswlib of Python: faiss|hnswlib, then what README.md says. Queries of the whole set are one call into C++."""
import gc
import json
import os
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
import numpy as np

K = 10


def read(path):
    raw = np.fromfile(path, np.float32)
    return np.ascontiguousarray(raw.reshape(-1, raw[:1].view(np.int32)[0] + 1)[:, 1:])


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Faiss:
    def __init__(self):
        import faiss
        self.faiss, self.name = faiss, f"FAISS {faiss.__version__} (Python package)"

    def build(self, rows, m, efc, threads):
        self.faiss.omp_set_num_threads(threads)
        self.index = self.faiss.IndexHNSWFlat(rows.shape[1], m, self.faiss.METRIC_INNER_PRODUCT)
        self.index.hnsw.efConstruction = efc
        self.index.add(rows)

    def save(self, path): self.faiss.write_index(self.index, path)

    def load(self, path): self.index = self.faiss.read_index(path)

    def set(self, ef, threads):
        self.index.hnsw.efSearch = ef
        self.faiss.omp_set_num_threads(threads)

    def search(self, queries): return self.index.search(queries, K)[1]

    def count(self, queries):
        self.faiss.cvar.hnsw_stats.reset()
        self.search(queries)
        return self.faiss.cvar.hnsw_stats.n3 / len(queries) if hasattr(self.faiss.cvar.hnsw_stats, "n3") else None


class Hnswlib:
    def __init__(self):
        import hnswlib
        self.hnswlib, self.name = hnswlib, "hnswlib (Python package)"

    def build(self, rows, m, efc, threads):
        self.shape = rows.shape
        self.index = self.hnswlib.Index(space="ip", dim=rows.shape[1])
        self.index.init_index(max_elements=len(rows), ef_construction=efc, M=m)
        self.index.add_items(rows, np.arange(len(rows)), num_threads=threads)

    def save(self, path): self.index.save_index(path)

    def load(self, path):
        self.index = self.hnswlib.Index(space="ip", dim=self.shape[1])
        self.index.load_index(path, max_elements=self.shape[0])

    def set(self, ef, threads):
        self.index.set_ef(ef)
        self.index.set_num_threads(threads)

    def search(self, queries): return self.index.knn_query(queries, k=K)[0]

    def count(self, queries): return None


def timed(work):
    began, used = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - began, time.process_time() - used, result


def answer(**row):
    print(json.dumps({key: round(value, 3) if isinstance(value, float) else value for key, value in row.items() if value is not None}), flush=True)


def main():
    system = {"faiss": Faiss, "hnswlib": Hnswlib}[sys.argv[1]]()
    base, queries = read(sys.argv[2]), read(sys.argv[3])
    m, efc, threads = (int(value) for value in sys.argv[4:7])
    path = os.path.join(sys.argv[7], f"python-{sys.argv[1]}.index")
    answer(system=system.name)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "build":
            gc.collect()
            memory = resident()
            took, used, _ = timed(lambda: system.build(base, m, efc, threads))
            memory = resident() - memory
            save, _, _ = timed(lambda: system.save(path))
            size = os.path.getsize(path)
            load, _, _ = timed(lambda: system.load(path))
            os.unlink(path)
            answer(build_s=took, build_cpu_s=used, rss_delta_mb=memory, save_s=save, index_bytes=size, load_s=load)
        else:
            system.set(int(words[1]), 1)
            system.search(queries)
            single, used, found = timed(lambda: system.search(queries))
            times = sorted(timed(lambda i=i: system.search(queries[i:i + 1]))[0] for i in range(len(queries)))
            evaluations = system.count(queries)
            system.set(int(words[1]), threads)
            many, used_many, _ = timed(lambda: system.search(queries))
            found.astype(np.int32).tofile(words[2])
            n = len(queries)
            answer(qps_1t=n / single, qps_1t_cpu=n / used, p50_us=times[n // 2] * 1e6, p99_us=times[n * 99 // 100] * 1e6,
                   qps_mt=n / many, qps_mt_cpu=threads * n / used_many, evaluations=evaluations)


main()
