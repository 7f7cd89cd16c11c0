"""Writes metrics.json: what scipy, scikit-learn and NumPy say of random and of difficult inputs. Run: python3 metrics.py"""

import json
import math
import pathlib

import numpy as np
from scipy import stats
from sklearn import linear_model, metrics

random = np.random.RandomState(7)


def number(value):
    return None if value is None or math.isnan(value) else float(value)


def correlations():
    lists = {
        "random": (random.randn(40), random.randn(40)),
        "related": (base := random.randn(60), base + 0.3 * random.randn(60)),
        "ties": (random.randint(0, 5, 50), random.randint(0, 4, 50)),
        "one against ties": (random.randn(30), np.repeat([1, 2, 3], 10)),
        "reversed": (np.arange(10), -np.arange(10) ** 3),
        "constant": (np.ones(12), random.randn(12)),
        "both constant": (np.ones(5), np.zeros(5)),
        "two pairs": (np.array([1.0, 2.0]), np.array([5.0, 3.0])),
        "far from zero": (1e6 + random.rand(30), 1e6 + random.rand(30)),
    }
    with np.errstate(all="ignore"):
        return [
            {
                "name": name,
                "a": np.asarray(a, float).tolist(),
                "b": np.asarray(b, float).tolist(),
                "pearson": number(stats.pearsonr(a, b)[0]),
                "spearman": number(stats.spearmanr(a, b)[0]),
                "ranks": stats.rankdata(a).tolist(),
            }
            for name, (a, b) in lists.items()
        ]


def rankings():
    """trec_eval: m_ndcg_cut.c, m_map_cut.c, m_recall.c, m_P.c, m_recip_rank.c; nDCG is scikit-learn's."""
    cases = []
    for name, grades, unseen in [
        ("random", random.randint(0, 4, 30), random.randint(0, 4, 10)),
        ("binary", random.randint(0, 2, 50), []),
        ("short list", [0, 2, 0], [1, 1, 3]),
        ("nothing relevant", np.zeros(20, int), []),
        ("nothing relevant found", np.zeros(20, int), [1, 2]),
        ("all relevant", np.ones(15, int), []),
        ("nothing found", [], [1]),
        ("negative grades", [-1, 2, -1, 1, 0], [-2]),
    ]:
        grades, judged = [int(g) for g in grades], [int(g) for g in [*grades, *unseen]]
        relevant = sum(g > 0 for g in judged)
        for k in (1, 3, 5, 10, 100):
            top = [max(0, g) for g in grades[:k]]
            gains = np.maximum(judged, 0)
            scores = -np.arange(len(judged), dtype=float)
            ideal = float(metrics.dcg_score([gains], [gains.astype(float)], k=k, ignore_ties=True)) if len(gains) > 1 else float(sum(gains))
            gain = sum(g / math.log2(i + 2) for i, g in enumerate(top))
            if len(gains) > 1 and len(grades) >= min(k, len(judged)) and ideal > 0:
                assert abs(gain / ideal - metrics.ndcg_score([gains], [scores], k=k, ignore_ties=True)) < 1e-12
            hits = [i for i, g in enumerate(top) if g > 0]
            cases.append(
                {
                    "name": name,
                    "k": k,
                    "grades": grades,
                    "judged": judged,
                    "ndcg": gain / ideal if ideal > 0 else 0.0,
                    "map": sum((n + 1) / (i + 1) for n, i in enumerate(hits)) / relevant if relevant else 0.0,
                    "recall": len(hits) / relevant if relevant else 0.0,
                    "precision": len(hits) / k,
                    "mrr": 1 / (hits[0] + 1) if hits else 0.0,
                }
            )
    return cases


def binaries():
    cases = []
    for name, scores, right in [
        ("random", random.rand(60), random.rand(60) < 0.4),
        ("separable", np.concatenate([random.rand(10) + 1, random.rand(30)]), np.arange(40) < 10),
        ("ties", random.randint(0, 4, 50) / 4, random.rand(50) < 0.5),
        ("one score", np.full(20, 0.5), np.arange(20) < 7),
        ("all belong", random.rand(12), np.ones(12, bool)),
        ("none belongs", random.rand(12), np.zeros(12, bool)),
        ("negative scores", -random.rand(30), random.rand(30) < 0.3),
        ("backwards", np.arange(10.0), np.arange(10) < 5),
    ]:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            average = metrics.average_precision_score(right, scores) if right.any() else 0.0
        thresholds = [*np.unique(scores), np.inf]
        cases.append(
            {
                "name": name,
                "scores": np.asarray(scores, float).tolist(),
                "right": [bool(r) for r in right],
                "ap": float(average),
                "f1": float(max(metrics.f1_score(right, scores >= t, zero_division=0) for t in thresholds)),
                "accuracy": float(max(metrics.accuracy_score(right, scores >= t) for t in thresholds)),
            }
        )
    return cases


def labels():
    cases = []
    for name, right, given in [
        ("random", random.randint(0, 5, 80), random.randint(0, 5, 80)),
        ("related", base := random.randint(0, 4, 80), np.where(random.rand(80) < 0.7, base, random.randint(0, 4, 80))),
        ("same", np.arange(20) % 3, np.arange(20) % 3),
        ("other names", np.arange(20) % 3, (np.arange(20) + 1) % 3),
        ("one class", np.zeros(15, int), random.randint(0, 3, 15)),
        ("one group given", random.randint(0, 3, 15), np.zeros(15, int)),
        ("one on both sides", np.zeros(9, int), np.ones(9, int)),
        ("each its own", np.arange(12) % 4, np.arange(12)),
        ("never given", np.arange(12) % 4, np.arange(12) % 2),
    ]:
        cases.append(
            {
                "name": name,
                "right": [int(r) for r in right],
                "given": [int(g) for g in given],
                "accuracy": float(metrics.accuracy_score(right, given)),
                "f1": float(metrics.f1_score(right, given, average="macro", zero_division=0)),
                "v": float(metrics.v_measure_score(right, given)),
            }
        )
    return cases


def regressions():
    cases = []
    for classes in (2, 4):
        centres = random.randn(classes, 6)
        y = np.arange(classes * 8) % classes
        x = (centres[y] + 1.2 * random.randn(len(y), 6)).astype(np.float32)
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        test = random.randn(40, 6).astype(np.float32)
        test /= np.linalg.norm(test, axis=1, keepdims=True)
        model = linear_model.LogisticRegression(max_iter=1000, tol=1e-8).fit(x.astype(float), y)
        cases.append(
            {
                "classes": classes,
                "x": [round(float(v), 6) for v in x.ravel()],
                "y": y.tolist(),
                "test": [round(float(v), 6) for v in test.ravel()],
                "predicted": model.predict(test).tolist(),
                "sure": (np.sort(model.predict_proba(test), axis=1)[:, -1] - np.sort(model.predict_proba(test), axis=1)[:, -2] > 0.01).tolist(),
            }
        )
    return cases


def shuffles():
    order = np.arange(30)
    np.random.RandomState(42).shuffle(order)
    again = order.copy()
    np.random.RandomState(42).shuffle(again)
    state = np.random.RandomState(42)
    long = list(range(1000))
    np.random.RandomState(42).shuffle(long)
    return {"once": order.tolist(), "twice": again.tolist(), "doubles": state.random_sample(5).tolist(), "long": long[:20]}


golden = {
    "correlations": correlations(),
    "rankings": rankings(),
    "binaries": binaries(),
    "labels": labels(),
    "regressions": regressions(),
    "shuffles": shuffles(),
}
pathlib.Path(__file__).with_name("metrics.json").write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")
