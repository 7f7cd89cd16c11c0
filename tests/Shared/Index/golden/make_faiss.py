"""Makes the FAISS files beside it and what FAISS finds in them. Run with Debian's python3-faiss (1.7.3): python3 make_faiss.py"""
import json
import os

import faiss
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
faiss.omp_set_num_threads(1)
rng = np.random.default_rng(7)
N, D, K = 2100, 8, 10
vectors = rng.standard_normal((N, D)).astype("f4")
queries = rng.standard_normal((40, D)).astype("f4").round(3)
ids = np.arange(N, dtype="i8") * 3 + 1000


def graph(metric):
    index = faiss.IndexHNSWFlat(D, 6, metric)
    index.hnsw.efConstruction, index.hnsw.efSearch = 60, 48
    return index


def save(name, index):
    faiss.write_index(index, name)
    distances, found = index.search(queries, K)
    return {"ids": found.tolist(), "distances": [[round(float(d), 6) for d in row] for row in distances]}


results = {"queries": queries.tolist()}
plain = graph(faiss.METRIC_L2)
plain.add(vectors)
results["hnsw-l2.faiss"] = save("hnsw-l2.faiss", plain)

inner = graph(faiss.METRIC_INNER_PRODUCT)
outer = faiss.IndexIDMap2(inner)
outer.add_with_ids(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), ids)
results["hnsw-ip-ids.faiss"] = save("hnsw-ip-ids.faiss", outer)

small = vectors[:50]
flat = faiss.IndexFlatL2(D)
flat.add(small)
results["flat-l2.faiss"] = save("flat-l2.faiss", flat)
flat = faiss.IndexIDMap(faiss.IndexFlatIP(D))
flat.add_with_ids(small, ids[:50])
results["flat-ip-ids.faiss"] = save("flat-ip-ids.faiss", flat)

tiny = faiss.IndexIDMap2(faiss.IndexHNSWFlat(3, 2, faiss.METRIC_L2))
tiny.add_with_ids(vectors[:12, :3].copy(), ids[:12])
faiss.write_index(tiny, "tiny.faiss")
faiss.write_index(faiss.index_factory(D, "SQ8"), "other-kind.faiss")

with open("faiss.json", "w", encoding="utf-8") as file:
    json.dump(results, file, separators=(",", ":"))
