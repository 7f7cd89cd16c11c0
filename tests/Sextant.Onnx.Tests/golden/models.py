"""Writes the graphs of the small models and the vectors that their texts must have, computed by torch one text at a time, without padding."""
import base64, json, struct, sys
from pathlib import Path

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from transformers import HIDDEN, Decoder, Encoder, export, randomised

HERE = Path(__file__).parent
FIXTURES, WORK = HERE.parent / "Fixtures", HERE / "work"
sys.path.insert(0, str(HERE))
torch.manual_seed(0)

IDS = json.loads((WORK / "ids.json").read_text())
VOCABULARY = {name: 1 + max(json.loads((FIXTURES / name / "tokenizer.json").read_text())["model"]["vocab"].values())
              for name in ("bert", "roberta", "mistral")}
VOCABULARY["xlmr"] = len(json.loads((FIXTURES / "xlmr" / "tokenizer.json").read_text())["model"]["vocab"])

MODELS = {
    "bert": (randomised(Encoder(VOCABULARY["bert"], 40, True, None), 1), ["input_ids", "attention_mask", "token_type_ids"]),
    "roberta": (randomised(Encoder(VOCABULARY["roberta"], 32, False, 1), 2), ["input_ids", "attention_mask"]),
    "xlmr": (randomised(Encoder(VOCABULARY["xlmr"], 32, False, 1), 3), ["input_ids", "attention_mask"]),
    "mistral": (randomised(Decoder(VOCABULARY["mistral"]), 4), ["input_ids", "attention_mask", "position_ids"]),
}


def tokens(name, ids):
    model, inputs = MODELS[name]
    row = torch.tensor([ids])
    values = {"input_ids": row, "attention_mask": torch.ones_like(row), "token_type_ids": torch.zeros_like(row),
              "position_ids": torch.arange(len(ids)).unsqueeze(0)}
    with torch.no_grad():
        return model(*(values[i] for i in inputs))[0]


def pooled(x, mode, skipped=0):
    kept = x[skipped:]
    weights = torch.arange(skipped + 1, len(x) + 1).float().unsqueeze(1)
    return {
        "cls": lambda: x[0],
        "max": lambda: kept.max(0).values,
        "mean": lambda: kept.mean(0),
        "mean_sqrt_len_tokens": lambda: kept.sum(0) / len(kept) ** 0.5,
        "weightedmean": lambda: (kept * weights).sum(0) / weights.sum(),
        "lasttoken": lambda: x[-1],
    }[mode]()


MODES = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
GENERATOR = torch.Generator().manual_seed(9)
DENSE = [torch.round(torch.randn(shape, generator=GENERATOR) * 8) / 32 for shape in ((12, HIDDEN), (12,))]


def dense(x):
    return torch.nn.functional.normalize(torch.tanh(DENSE[0] @ x + DENSE[1]), dim=0)


def text(vectors):
    return base64.b64encode(b"".join(v.numpy().astype("<f4").tobytes() for v in vectors)).decode()


def to_half(graph):
    """All of it in float16, as the usual converters do."""
    for weight in graph.graph.initializer:
        if weight.data_type == TensorProto.FLOAT:
            weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).astype(numpy.float16), weight.name))
    for node in graph.graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR and attribute.t.data_type == TensorProto.FLOAT:
                value = numpy.clip(numpy_helper.to_array(attribute.t), -6e4, 6e4).astype(numpy.float16)
                attribute.t.CopyFrom(numpy_helper.from_array(value, attribute.t.name))
            if node.op_type == "Cast" and attribute.name == "to" and attribute.i == TensorProto.FLOAT:
                attribute.i = TensorProto.FLOAT16
    for output in graph.graph.output:
        output.type.tensor_type.elem_type = TensorProto.FLOAT16
    del graph.graph.value_info[:]
    return graph


def to_int8(graph):
    """Weights of matrix products in int8, activations quantised as they come: what dynamic quantisation makes."""
    weights = {w.name: w for w in graph.graph.initializer}
    nodes, added = [], []
    for i, node in enumerate(graph.graph.node):
        if node.op_type != "MatMul" or node.input[1] not in weights:
            nodes.append(node)
            continue
        a, w, out = node.input[0], numpy_helper.to_array(weights[node.input[1]]), node.output[0]
        scale = numpy.float32(numpy.abs(w).max() / 127)
        p = f"q{i}_"
        added += [numpy_helper.from_array(numpy.clip(numpy.round(w / scale), -127, 127).astype(numpy.int8), p + "w"),
                  numpy_helper.from_array(numpy.array(scale), p + "ws"), numpy_helper.from_array(numpy.array(0, dtype=numpy.int8), p + "wz")]
        nodes += [helper.make_node("DynamicQuantizeLinear", [a], [p + "a", p + "as", p + "az"]),
                  helper.make_node("MatMulInteger", [p + "a", p + "w", p + "az", p + "wz"], [p + "i"]),
                  helper.make_node("Cast", [p + "i"], [p + "f"], to=TensorProto.FLOAT),
                  helper.make_node("Mul", [p + "as", p + "ws"], [p + "s"]),
                  helper.make_node("Mul", [p + "f", p + "s"], [out])]
    used = {name for node in nodes for name in node.input}
    kept = [w for w in graph.graph.initializer if w.name in used] + added
    del graph.graph.node[:], graph.graph.initializer[:], graph.graph.value_info[:]
    graph.graph.node.extend(nodes)
    graph.graph.initializer.extend(kept)
    return graph


def safetensors(path, tensors):
    header, body = {}, b""
    for name, value in tensors.items():
        data = value.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + body)


texts = json.loads((HERE / "texts.json").read_text())
for name in MODELS:
    export(*MODELS[name], "last_hidden_state", {0: "batch", 1: "sequence"}, FIXTURES / name / "onnx" / "model.onnx")
    ids, prompt = IDS[name], IDS[name]["prompt"]
    expected = {"texts": texts, "lengths": [len(i) for i in ids["plain"]]}
    for mode in MODES:
        expected[mode] = text(pooled(tokens(name, i), mode) for i in ids["plain"])
        if mode in ("cls", "mean", "weightedmean"):
            expected["prompted " + mode] = text(pooled(tokens(name, i), mode, prompt) for i in ids["prompted"])
    expected["dense"] = text(dense(pooled(tokens(name, i), "mean")) for i in ids["plain"])
    (FIXTURES / name / "expected.json").write_text(json.dumps(expected, ensure_ascii=True) + "\n")
    print(name, [len(i) for i in ids["plain"]], (FIXTURES / name / "onnx" / "model.onnx").stat().st_size)

dense_folder = FIXTURES / "dense"
dense_folder.mkdir(exist_ok=True)
safetensors(dense_folder / "model.safetensors", {"linear.weight": DENSE[0], "linear.bias": DENSE[1]})
(dense_folder / "config.json").write_text(json.dumps({"in_features": HIDDEN, "out_features": 12, "bias": True,
                                                      "activation_function": "torch.nn.modules.activation.Tanh"}) + "\n")

bert = lambda: onnx.load(str(FIXTURES / "bert" / "onnx" / "model.onnx"))
onnx.save(to_half(bert()), str(FIXTURES / "bert" / "onnx" / "model_fp16.onnx"))
onnx.save(to_int8(bert()), str(FIXTURES / "bert" / "onnx" / "model_quantized.onnx"))
(FIXTURES / "xlmr" / "onnx" / "model.onnx_data").unlink(missing_ok=True)
external = onnx.load(str(FIXTURES / "xlmr" / "onnx" / "model.onnx"))
onnx.save_model(external, str(FIXTURES / "xlmr" / "onnx" / "model.onnx"), save_as_external_data=True, all_tensors_to_one_file=True,
                location="model.onnx_data", size_threshold=256)

CONFIGS = {
    "bert/config.json": {"model_type": "bert", "hidden_size": HIDDEN, "max_position_embeddings": 40, "pad_token_id": 0},
    "bert/sentence_bert_config.json": {"max_seq_length": 32, "do_lower_case": False},
    "bert/tokenizer_config.json": {"do_lower_case": True, "model_max_length": 10 ** 30, "tokenizer_class": "BertTokenizer"},
    "roberta/config.json": {"model_type": "roberta", "hidden_size": HIDDEN, "max_position_embeddings": 32, "pad_token_id": 1},
    "roberta/tokenizer_config.json": {"model_max_length": 512, "tokenizer_class": "RobertaTokenizer"},
    "xlmr/config.json": {"model_type": "xlm-roberta", "hidden_size": HIDDEN, "max_position_embeddings": 32, "pad_token_id": 1},
    "xlmr/tokenizer_config.json": {"model_max_length": 512, "tokenizer_class": "XLMRobertaTokenizer"},
    "mistral/config.json": {"model_type": "mistral", "hidden_size": HIDDEN, "max_position_embeddings": 32768},
    "mistral/tokenizer_config.json": {"add_bos_token": True, "add_eos_token": True, "bos_token": "<s>", "eos_token": "</s>", "pad_token": "</s>",
                                      "unk_token": "<unk>", "padding_side": "left", "model_max_length": 48, "tokenizer_class": "LlamaTokenizer"},
}
for name, config in CONFIGS.items():
    (FIXTURES / name).write_text(json.dumps(config) + "\n")
