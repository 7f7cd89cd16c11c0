"""subsets.py MODELS DATA: adds the scores of parts of SciFact and Banking77 to ../Golden. The vectors are those of @huggingface/transformers, rankings
are scored here, and scikit-learn learns the labels. Run it after golden.mjs."""

import ast
import csv
import io
import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
from sklearn.linear_model import LogisticRegression

HERE = pathlib.Path(__file__).parent
PROMPTS = {"all-MiniLM-L6-v2": "", "snowflake-arctic-embed-xs": "Represent this sentence for searching relevant passages: "}
LONGEST = 1200  # characters of a row; no such abstract has more tokens than the models read
models, data = map(pathlib.Path, sys.argv[1:])


def embed(model, texts):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "texts.json").write_text(json.dumps(texts))
        subprocess.run(["node", "--no-warnings", HERE / "vectors.mjs", model, models / model, f"{folder}/texts.json", f"{folder}/out"], check=True)
        return np.fromfile(f"{folder}/out", np.float32).reshape(len(texts), -1).astype(np.float64)


def table(text, longest=math.inf):
    """The rows of a table whose first column is a number, but for those that are too long."""
    header, *records = re.split(r"\r?\n(?=\d+,)", text.strip())
    return [next(csv.DictReader(io.StringIO(f"{header}\n{record}", newline=""))) for record in records if len(record) <= longest]


def scifact():
    """Every second claim whose documents are all short, these documents, and every eighth of the other short ones."""
    archive = zipfile.ZipFile(data / "eval/scifact/scifact.zip")
    short = {row["doc_id"]: row for row in table(archive.read("corpus_train.csv").decode(), LONGEST)}
    claims = {row["id"]: (row["claim"], re.findall(r"\d+", row["cited_doc_ids"])) for row in table(archive.read("claims_validation.csv").decode())}
    claims = [claim for claim in claims.values() if all(document in short for document in claim[1])][::2]
    cited = {document for _, documents in claims for document in documents}
    kept = cited | set([document for document in short if document not in cited][::8])
    sentence = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
    texts = {
        document: row["title"] + " " + " ".join(ast.literal_eval(part).strip() for part in re.findall(sentence, row["abstract"]))
        for document, row in short.items()
        if document in kept
    }
    return claims, texts


def ndcg_at_10(queries, documents, ids, relevant):
    scores = []
    for query, wanted in zip(queries, relevant):
        best = sorted(zip(documents @ query, ids), reverse=True)[:10]
        gain = sum(1 / math.log2(rank + 2) for rank, (_, document) in enumerate(best) if document in wanted)
        scores.append(gain / sum(1 / math.log2(rank + 2) for rank in range(min(10, len(wanted)))))
    return np.mean(scores)


def banking77():
    """The first 20 labels by name: their first 24 texts to learn from, every second one to test with."""
    training, test = (list(csv.DictReader(open(data / f"eval/banking77/{part}.csv", newline=""))) for part in ("train", "test"))
    labels = sorted({row["category"] for row in training})[:20]
    training = [row for label in labels for row in [row for row in training if row["category"] == label][:24]]
    return training, [row for row in test if row["category"] in labels][::2]


def accuracy(training, labels, test, expected):
    """MTEB's older protocol: ten runs, each on the first 8 of each label in an order that is shuffled again before every run."""
    order, runs = np.arange(len(labels)), []
    for _ in range(10):
        np.random.RandomState(42).shuffle(order)
        drawn = [row for label in set(labels) for row in [row for row in order if labels[row] == label][:8]]
        model = LogisticRegression(max_iter=1000, tol=1e-8).fit(training[drawn], [labels[row] for row in drawn])
        runs.append(np.mean(model.predict(test) == np.array(expected)))
    return np.mean(runs)


claims, texts = scifact()
training, test = banking77()
print(len(claims), "claims", len(texts), "abstracts", len(training), "texts to learn from", len(test), "to test with")
for model, prompt in PROMPTS.items():
    file = HERE.parent / "Golden" / f"{model}.json"
    scores = json.loads(file.read_text())["scores"]
    queries, documents = embed(model, [prompt + claim for claim, _ in claims]), embed(model, list(texts.values()))
    scores["scifact"] = round(ndcg_at_10(queries, documents, list(texts), [set(wanted) for _, wanted in claims]), 6)
    learned, tested = (embed(model, [row["text"] for row in part]) for part in (training, test))
    scores["banking77"] = round(accuracy(learned, [row["category"] for row in training], tested, [row["category"] for row in test]), 6)
    print(model, scores)
    line = f'  "scores": {json.dumps(scores, separators=(",", ":"))},'
    file.write_text(re.sub(r'^  "scores": .*$', line, file.read_text(), flags=re.M))
