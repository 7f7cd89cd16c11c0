"""Trains the models of `train` with PyTorch: token ids in, pairs a second out. Called by the benchmark with a file of
{"anchors": [[ids]], "positives": [[ids]], "rows": N, "columns": D, "batch": B, "threads": T, "kind": "static" | "encoder", "layers": L, "heads": H}."""
import json
import math
import sys
import time
import torch
import torch.nn as nn
import torch.nn.functional as F

job = json.load(open(sys.argv[1]))
torch.set_num_threads(job["threads"])
torch.manual_seed(1)
columns, size = job["columns"], job["batch"]


def attend(q, k, v, bias):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, bias, 0.1)
    # PyTorch before 2.0 has no such function.
    return F.dropout(F.softmax(q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]) + bias, -1), 0.1) @ v


class Encoder(nn.Module):
    def __init__(self, sparse):
        super().__init__()
        self.heads = job["heads"]
        self.word = nn.Embedding(job["rows"], columns, sparse=sparse)
        self.position, self.segment = nn.Embedding(512, columns), nn.Embedding(2, columns)
        self.norm = nn.LayerNorm(columns, eps=1e-12)
        self.layers = nn.ModuleList(nn.ModuleDict(dict(
            q=nn.Linear(columns, columns), k=nn.Linear(columns, columns), v=nn.Linear(columns, columns), o=nn.Linear(columns, columns),
            n1=nn.LayerNorm(columns, eps=1e-12), w1=nn.Linear(columns, 4 * columns), w2=nn.Linear(4 * columns, columns),
            n2=nn.LayerNorm(columns, eps=1e-12))) for _ in range(job["layers"]))

    def forward(self, texts):
        length = max(map(len, texts))
        ids = torch.tensor([t + [0] * (length - len(t)) for t in texts])
        mask = torch.tensor([[1.0] * len(t) + [0.0] * (length - len(t)) for t in texts])
        x = self.word(ids) + self.position(torch.arange(length)) + self.segment.weight[0]
        x = F.dropout(self.norm(x), 0.1)
        bias = ((1 - mask) * -1e9)[:, None, None, :]
        for layer in self.layers:
            def heads(name):
                return layer[name](x).view(len(texts), length, self.heads, -1).transpose(1, 2)
            attention = attend(heads("q"), heads("k"), heads("v"), bias)
            x = layer["n1"](x + F.dropout(layer["o"](attention.transpose(1, 2).reshape(len(texts), length, -1)), 0.1))
            x = layer["n2"](x + F.dropout(layer["w2"](F.gelu(layer["w1"](x))), 0.1))
        return (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


class Static(nn.Module):
    def __init__(self, sparse):
        super().__init__()
        self.table = nn.EmbeddingBag(job["rows"], columns, mode="mean", sparse=sparse)

    def forward(self, texts):
        offsets, flat = [], []
        for text in texts:
            offsets.append(len(flat))
            flat += text
        return self.table(torch.tensor(flat), torch.tensor(offsets))


def clip(model, longest=1.0):
    # As clip_grad_norm_ does it, which takes no sparse gradients.
    for p in model.parameters():
        if p.grad is not None and p.grad.is_sparse:
            p.grad = p.grad.coalesce()
    parts = [p.grad._values() if p.grad.is_sparse else p.grad for p in model.parameters() if p.grad is not None]
    scale = min(1.0, longest / (torch.stack([part.norm() for part in parts]).norm().item() + 1e-6))
    for part in parts:
        part.mul_(scale)


def run(name, model, optimizers, clips):
    anchors, positives = job["anchors"], job["positives"]
    batches = len(anchors) // size
    started = used = None
    for batch in range(batches):
        if batch == job["warm"]:
            started, used = time.perf_counter(), time.process_time()
        texts = anchors[batch * size:(batch + 1) * size] + positives[batch * size:(batch + 1) * size]
        vectors = F.normalize(model(texts), dim=1)
        logits = vectors[:size] @ vectors[size:].T * 20
        labels = torch.arange(size)
        loss = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        if clips:
            clip(model)
        for optimizer in optimizers:
            optimizer.step()
    pairs, seconds, processor = (batches - job["warm"]) * size, time.perf_counter() - started, time.process_time() - used
    print(json.dumps({"system": name, "pairs_per_s": pairs / seconds, "pairs_per_processor_s": pairs / processor, "loss": loss.item()}), flush=True)


if job["kind"] == "static":
    static = Static(True)
    run("PyTorch, EmbeddingBag and SparseAdam", static, [torch.optim.SparseAdam(static.parameters(), lr=0.01)], False)
    static = Static(False)
    run("PyTorch, EmbeddingBag and Adam", static, [torch.optim.Adam(static.parameters(), lr=0.01)], False)
else:
    encoder = Encoder(False)
    run("PyTorch, AdamW", encoder, [torch.optim.AdamW(encoder.parameters(), lr=2e-4)], True)
    encoder = Encoder(True)
    rest = [p for p in encoder.parameters() if p is not encoder.word.weight]
    run("PyTorch, SparseAdam for words, else AdamW", encoder,
        [torch.optim.SparseAdam([encoder.word.weight], lr=2e-4), torch.optim.AdamW(rest, lr=2e-4)], True)
