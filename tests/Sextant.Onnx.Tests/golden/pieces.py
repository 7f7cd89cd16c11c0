"""Trains the small SentencePiece models: Fixtures/xlmr/sentencepiece.bpe.model (unigram) and Fixtures/mistral/tokenizer.model (BPE)."""
import json, unicodedata
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as pb

HERE = Path(__file__).parent
ROOT, FIXTURES, WORK = HERE.parents[2], HERE.parent / "Fixtures", HERE / "work"
WORK.mkdir(exist_ok=True)

text = (HERE / "sentences.txt").read_text().splitlines() * 3
for name in ["faq.jsonl", "almanac.jsonl"]:
    for line in (ROOT / "examples" / name).read_text().splitlines()[:200]:
        text += [v for v in json.loads(line).values() if isinstance(v, str)]
(WORK / "text.txt").write_text("\n".join(text))
# A vocabulary of whole characters has no room for every script.
(WORK / "western.txt").write_text("\n".join(line for line in text if max(map(ord, line)) < 0x500 or "\u4eac" in line))

# A small table of replacements, where NFKC's whole one would be 240 KB: full-width forms, ligatures, Latin letters with a mark.
rules = {}
for c in list(range(0xFF01, 0xFF5F)) + list(range(0xFB00, 0xFB07)) + [0x2026, 0xBD, 0x2122, 0x3000, 0xA0, 0x2003, 0x09, 0x0A, 0x0D]:
    rules[chr(c)] = " " if chr(c).isspace() else unicodedata.normalize("NFKC", chr(c))
for c in list(range(0xC0, 0x180)) + list(range(0x1EA0, 0x1EFA)):
    parts = unicodedata.normalize("NFD", chr(c))
    if len(parts) > 1:
        rules[parts] = chr(c)
(WORK / "rules.tsv").write_text("".join(
    f"{' '.join('%X' % ord(c) for c in k)}\t{' '.join('%X' % ord(c) for c in v)}\n" for k, v in sorted(rules.items())))

COMMON = dict(input=str(WORK / "text.txt"), character_coverage=0.98, num_threads=1, minloglevel=2)
sentencepiece.SentencePieceTrainer.train(
    model_prefix=str(WORK / "unigram"), model_type="unigram", vocab_size=450, normalization_rule_tsv=str(WORK / "rules.tsv"), **COMMON)
sentencepiece.SentencePieceTrainer.train(
    model_prefix=str(WORK / "bpe"), model_type="bpe", vocab_size=560, byte_fallback=True, normalization_rule_name="identity",
    remove_extra_whitespaces=False, split_digits=True, unk_id=0, bos_id=1, eos_id=2, **COMMON)

for name, target in [("unigram", "xlmr/sentencepiece.bpe.model"), ("bpe", "mistral/tokenizer.model")]:
    model = pb.ModelProto()
    model.ParseFromString((WORK / f"{name}.model").read_bytes())
    # What the training was told, paths of this machine among it, has no business in the file.
    model.trainer_spec.ClearField("input")
    model.trainer_spec.ClearField("model_prefix")
    model.normalizer_spec.ClearField("normalization_rule_tsv")
    (FIXTURES / target).parent.mkdir(parents=True, exist_ok=True)
    (FIXTURES / target).write_bytes(model.SerializeToString())
    (WORK / f"{name}.json").write_text(json.dumps({
        "pieces": [[p.piece, p.score, p.type] for p in model.pieces],
        "charsmap": list(model.normalizer_spec.precompiled_charsmap)}))
    print(target, len(model.pieces), "pieces", (FIXTURES / target).stat().st_size, "bytes")
