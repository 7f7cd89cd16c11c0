"""Writes the graphs, tokenizers and configurations of the small cross-encoders, and the logits that torch gives the pairs of work/pairs.json."""
import json, shutil, sys
from pathlib import Path

import torch
from torch import nn

from transformers import HIDDEN, Encoder, export, randomised

HERE = Path(__file__).parent
FIXTURES, WORK = HERE.parent / "Fixtures", HERE / "work"
MAX = 48


class Head(nn.Module):
    """BERT's pooler and classifier, or RoBERTa's classification head: the same arithmetic by other names."""

    def __init__(self, vocabulary, positions, types, pad):
        super().__init__()
        self.encoder = Encoder(vocabulary, positions, types, pad)
        self.dense, self.out = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, 1)

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        return self.out(torch.tanh(self.dense(self.encoder(input_ids, attention_mask, token_type_ids)[:, 0])))


def size(name):
    vocabulary = json.loads((FIXTURES / name / "tokenizer.json").read_text())["model"]["vocab"]
    return 1 + max(vocabulary.values()) if isinstance(vocabulary, dict) else len(vocabulary)


LABEL = {"id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0}}
MODELS = {
    "bert": (randomised(Head(size("bert"), MAX, True, None), 11), ["input_ids", "attention_mask", "token_type_ids"],
             {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "max_position_embeddings": MAX, "pad_token_id": 0,
              "sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity"}}),
    "roberta": (randomised(Head(size("roberta"), MAX + 2, False, 1), 12), ["input_ids", "attention_mask"],
                {"architectures": ["RobertaForSequenceClassification"], "model_type": "roberta", "max_position_embeddings": MAX + 2,
                 "pad_token_id": 1, "sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity"}),
    "xlmr": (randomised(Head(size("xlmr"), MAX + 2, False, 1), 13), ["input_ids", "attention_mask"],
             {"architectures": ["XLMRobertaForSequenceClassification"], "model_type": "xlm-roberta", "max_position_embeddings": MAX + 2,
              "pad_token_id": 1}),
}


def write(name):
    model, inputs, config = MODELS[name]
    folder = FIXTURES / ("pair-" + name)
    export(model, inputs, "logits", {0: "batch"}, folder / "onnx" / "model.onnx")
    (folder / "config.json").write_text(json.dumps({**config, "hidden_size": HIDDEN, "num_attention_heads": 4, "num_hidden_layers": 2, **LABEL}) + "\n")
    shutil.copyfile(FIXTURES / name / "tokenizer_config.json", folder / "tokenizer_config.json")
    tokenizer = json.loads((FIXTURES / name / "tokenizer.json").read_text())
    tokenizer["post_processor"] = PROCESSORS[name]
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) + "\n")


def template(begin, middle, end, second, ids):
    special = lambda token, kind: {"SpecialToken": {"id": token, "type_id": kind}}
    text = lambda which, kind: {"Sequence": {"id": which, "type_id": kind}}
    return {"type": "TemplateProcessing", "single": [special(begin, 0), text("A", 0), special(end, 0)],
            "pair": [special(begin, 0), text("A", 0), *(special(token, 0) for token in middle), text("B", second), special(end, second)],
            "special_tokens": {token: {"id": token, "ids": [ids[token]], "tokens": [token]} for token in (begin, end)}}


PROCESSORS = {
    "bert": template("[CLS]", ["[SEP]"], "[SEP]", 1, {"[CLS]": 2, "[SEP]": 3}),
    "roberta": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
    "xlmr": template("<s>", ["</s>", "</s>"], "</s>", 0, {"<s>": 0, "</s>": 2}),
}

if sys.argv[1] == "export":
    for name in MODELS:
        write(name)
else:
    # Torch itself must agree with what ONNX Runtime computed in pairs.mjs.
    for name, (model, inputs, _) in MODELS.items():
        expected = json.loads((FIXTURES / ("pair-" + name) / "expected.json").read_text())
        worst = 0.0
        for pair in expected["pairs"]:
            row, kinds = torch.tensor([pair["ids"]]), torch.tensor([pair["types"]])
            values = {"input_ids": row, "attention_mask": torch.ones_like(row), "token_type_ids": kinds}
            with torch.no_grad():
                worst = max(worst, abs(model(*(values[i] for i in inputs)).item() - pair["logit"]))
        print(name, len(expected["pairs"]), "pairs, torch differs by", worst)
        assert worst < 2e-5
