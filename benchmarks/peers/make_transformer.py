"""A transformer of MiniLM's shape (6 layers, 384 wide, float32) with random weights: make_transformer.py SEXTANT_SMALL/tokenizer.json OUT."""
import json, sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "Sextant.Onnx.Tests" / "golden"))
import torch
import transformers

transformers.HIDDEN, transformers.HEADS, transformers.INNER, transformers.LAYERS = 384, 12, 1536, 6
source, out = Path(sys.argv[1]), Path(sys.argv[2])
tokenizer = json.loads(source.read_text())
vocabulary = tokenizer["model"]["vocab"]
for special in ["[PAD]", "[CLS]", "[SEP]"]:
    vocabulary[special] = len(vocabulary)
    tokenizer["added_tokens"].append({"id": vocabulary[special], "content": special, "special": True, "normalized": False,
                                      "single_word": False, "lstrip": False, "rstrip": False})
tokenizer["post_processor"] = {"type": "BertProcessing", "cls": ["[CLS]", vocabulary["[CLS]"]], "sep": ["[SEP]", vocabulary["[SEP]"]]}

torch.manual_seed(0)
model = transformers.Encoder(len(vocabulary), 512, True, None).eval()
(out / "onnx").mkdir(parents=True, exist_ok=True)
example = torch.ones((2, 5), dtype=torch.long)
names = ["input_ids", "attention_mask", "token_type_ids"]
torch.onnx.export(model, (example,) * 3, str(out / "onnx" / "model.onnx"), input_names=names, output_names=["last_hidden_state"], opset_version=14,
                  dynamic_axes={name: {0: "batch", 1: "sequence"} for name in names + ["last_hidden_state"]})
(out / "tokenizer.json").write_text(json.dumps(tokenizer))
(out / "config.json").write_text(json.dumps({"model_type": "bert", "hidden_size": 384, "max_position_embeddings": 512}))
(out / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", "model_max_length": 512, "pad_token": "[PAD]",
                                                       "cls_token": "[CLS]", "sep_token": "[SEP]", "unk_token": "[UNK]"}))
