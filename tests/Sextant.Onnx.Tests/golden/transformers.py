"""Small transformers written out in plain torch: an encoder as BERT, RoBERTa and XLM-R are, and a decoder as Mistral is."""
import math

import onnx
import torch
from torch import nn
from torch.nn import functional as F

HIDDEN, HEADS, INNER, LAYERS = 32, 4, 48, 2


def attend(q, k, v, allowed):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return torch.softmax(scores + (1.0 - allowed) * -1e9, -1) @ v


def heads(x, count):
    return x.view(x.shape[0], x.shape[1], count, -1).transpose(1, 2)


class EncoderLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.up, self.down = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN), nn.LayerNorm(HIDDEN)

    def forward(self, x, allowed):
        mixed = attend(heads(self.q(x), HEADS), heads(self.k(x), HEADS), heads(self.v(x), HEADS), allowed)
        x = self.norm1(x + self.o(mixed.transpose(1, 2).reshape(x.shape[0], -1, HIDDEN)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """types: whether it reads token_type_ids (BERT); pad: RoBERTa's positions begin after padding's id, None for BERT's."""

    def __init__(self, vocabulary, positions, types, pad):
        super().__init__()
        self.words, self.places = nn.Embedding(vocabulary, HIDDEN), nn.Embedding(positions, HIDDEN)
        self.types = nn.Embedding(2, HIDDEN) if types else None
        self.norm, self.pad = nn.LayerNorm(HIDDEN), pad
        self.layers = nn.ModuleList(EncoderLayer() for _ in range(LAYERS))

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        if self.pad is None:
            places = torch.arange(input_ids.shape[1]).unsqueeze(0)
        else:
            there = (input_ids != self.pad).long()
            places = torch.cumsum(there, 1) * there + self.pad
        x = self.words(input_ids) + self.places(places)
        if self.types is not None:
            x = x + self.types(token_type_ids)
        x = self.norm(x)
        allowed = attention_mask.float()[:, None, None, :]
        for layer in self.layers:
            x = layer(x, allowed)
        return x


class Rms(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(HIDDEN))

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)


def rotate(x, places):
    half = x.shape[-1] // 2
    angles = places[:, None, :, None].float() / (10000.0 ** (torch.arange(half).float() / half))
    angles = torch.cat([angles, angles], -1)
    return x * torch.cos(angles) + torch.cat([-x[..., half:], x[..., :half]], -1) * torch.sin(angles)


def twice(x):
    return x.unsqueeze(2).expand(-1, -1, 2, -1, -1).reshape(x.shape[0], HEADS, x.shape[2], x.shape[3])


class DecoderLayer(nn.Module):
    """Two heads for keys and values, four for queries."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(HIDDEN, size, bias=False) for size in (HIDDEN, HIDDEN // 2, HIDDEN // 2))
        self.o, self.gate, self.up = (nn.Linear(HIDDEN, size, bias=False) for size in (HIDDEN, INNER, INNER))
        self.down = nn.Linear(INNER, HIDDEN, bias=False)
        self.norm1, self.norm2 = Rms(), Rms()

    def forward(self, x, allowed, places):
        y = self.norm1(x)
        q, k, v = rotate(heads(self.q(y), HEADS), places), rotate(heads(self.k(y), 2), places), heads(self.v(y), 2)
        mixed = attend(q, twice(k), twice(v), allowed)
        x = x + self.o(mixed.transpose(1, 2).reshape(x.shape[0], -1, HIDDEN))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Decoder(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.words, self.norm = nn.Embedding(vocabulary, HIDDEN), Rms()
        self.layers = nn.ModuleList(DecoderLayer() for _ in range(LAYERS))

    def forward(self, input_ids, attention_mask, position_ids):
        x = self.words(input_ids)
        places = torch.arange(input_ids.shape[1])
        causal = (places[None, :] <= places[:, None]).float()[None, None]
        allowed = causal * attention_mask.float()[:, None, None, :]
        for layer in self.layers:
            x = layer(x, allowed, position_ids)
        return self.norm(x)


def randomised(model, seed):
    """Random weights on a coarse grid, so that the files are small when packed."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if "norm" in name and name.endswith("weight"):
                weight.copy_(1 + torch.round(noise * 8) / 64)
            else:
                scale = 0.5 if weight.dim() == 2 and weight.shape[0] > 64 or "words" in name or "places" in name else 0.25
                weight.copy_(torch.round(noise * scale * 32) / 32)
    return model.eval()


def export(model, inputs, output, axes, path):
    """Writes a model as a graph. The exporter's long names would be most of a small file, so they are shortened."""
    path.parent.mkdir(parents=True, exist_ok=True)
    example = torch.ones((2, 5), dtype=torch.long)
    torch.onnx.export(model, tuple(example for _ in inputs), str(path), input_names=inputs, output_names=[output], opset_version=14,
                      do_constant_folding=True, dynamic_axes={**{n: {0: "batch", 1: "sequence"} for n in inputs}, output: axes})
    graph = onnx.load(str(path))
    names = {n: n for n in inputs + [output, ""]}
    short = lambda old: names.setdefault(old, f"v{len(names)}")
    for weight in graph.graph.initializer:
        weight.name = short(weight.name)
    for node in graph.graph.node:
        node.ClearField("doc_string")
        node.name = ""
        node.input[:] = [short(n) for n in node.input]
        node.output[:] = [short(n) for n in node.output]
    del graph.graph.value_info[:]
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))
