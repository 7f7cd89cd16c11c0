"""Adds what SentencePiece itself makes of all strings to the digests of the reference tokenisers: Fixtures/parity/expected.json.gz."""
import base64, gzip, hashlib, json, struct, sys
from pathlib import Path

import sentencepiece

HERE = Path(__file__).parent
FIXTURES, WORK = HERE.parent / "Fixtures", HERE / "work"
strings = json.loads(gzip.open(FIXTURES / "parity" / "strings.json.gz").read())


def digest(ids):
    value = 2166136261
    for i in ids:
        for shift in (0, 8, 16, 24):
            value = ((value ^ (i >> shift & 255)) * 16777619) & 0xFFFFFFFF
    return (value ^ value >> 8 ^ value >> 16 ^ value >> 24) & 0xFF


def run(path, move=lambda i: i):
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    found = [[move(i) for i in model.encode(s)] for s in strings]
    return {"reference": f"sentencepiece {sentencepiece.__version__}", "tokens": sum(map(len, found)),
            "all": hashlib.sha256(b"".join(struct.pack(f"<{len(ids) + 1}i", *ids, -1) for ids in found)).hexdigest(),
            "digests": base64.b64encode(bytes(map(digest, found))).decode()}


expected = json.loads((WORK / "expected.json").read_text())
# XLM-R has its own ids for the first four; all the others are one further on, and the unknown piece is the fourth.
expected["xlmr model"] = run(FIXTURES / "xlmr" / "sentencepiece.bpe.model", lambda i: 3 if i == 0 else i + 1)
expected["mistral model"] = run(FIXTURES / "mistral" / "tokenizer.model")
if len(sys.argv) > 1:
    data = Path(sys.argv[1])
    expected["albert model"] = run(data / "albert-fixture" / "spiece.model")
    expected["llama2 model"] = run(data / "llama2" / "tokenizer.model")
    expected["botchan model"] = run(data / "sentencepiece" / "test_model.model")
with open(FIXTURES / "parity" / "expected.json.gz", "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as file:
    file.write(json.dumps(expected).encode())
print(", ".join(expected), (FIXTURES / "parity" / "expected.json.gz").stat().st_size)
