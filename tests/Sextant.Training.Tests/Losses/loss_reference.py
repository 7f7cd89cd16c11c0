"""Values and gradients of every loss by PyTorch's automatic differentiation in double precision, written as JSON.

Shares no code with the C# implementations: it is what they are checked against. `loss-golden.json` is its output.
"""
import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def matrix(rows, columns, phase):
    """Rows that are alike enough for no loss to be near zero."""
    return torch.tensor(
        [[round(0.7 + math.sin(phase * (1.7 * i + 2.3 * j + 0.31 * i * j)), 4) for j in range(columns)] for i in range(rows)],
        requires_grad=True)


def cosines(a, b):
    return F.normalize(a, dim=1) @ F.normalize(b, dim=1).T


def ranking(a, p, n, scale, both, excluded=()):
    size = a.shape[0]
    logits = scale * cosines(a, torch.cat([p, n]) if n is not None else p)
    mask = torch.zeros_like(logits)
    for i, j in excluded:
        mask[i, j] = -math.inf
    logits = logits + mask
    labels = torch.arange(size)
    loss = F.cross_entropy(logits, labels)
    return (loss + F.cross_entropy(logits[:, :size].T, labels)) / 2 if both else loss


def info_nce(a, p, n, temperature):
    size, per = a.shape[0], n.shape[0] // a.shape[0]
    positive = F.cosine_similarity(a, p)[:, None]
    negative = F.cosine_similarity(a[:, None, :], n.reshape(size, per, -1), dim=2)
    return F.cross_entropy(torch.cat([positive, negative], 1) / temperature, torch.zeros(size, dtype=torch.long))


def triplet(a, p, n, margin):
    per = n.shape[0] // a.shape[0]
    a, p, n = (F.normalize(x, dim=1) for x in (a, p, n))
    a, p = a.repeat_interleave(per, 0), p.repeat_interleave(per, 0)
    return F.relu(((a - p) ** 2).sum(1) - ((a - n) ** 2).sum(1) + margin).mean()


def cosent(a, p, scores, scale):
    c = scale * F.cosine_similarity(a, p)
    terms = [c[j] - c[i] for i in range(len(c)) for j in range(len(c)) if scores[i] > scores[j]]
    return torch.logsumexp(torch.stack([torch.zeros(())] + terms), 0)


def matryoshka(a, p, dimensions, weights):
    return sum(w * ranking(a[:, :d], p[:, :d], None, 20, True) for d, w in zip(dimensions, weights))


SCORES = [0.1, 0.9, 0.9, 0.4, 0.0]
CASES = {
    "ranking-one-way": lambda a, p, n: ranking(a, p, n, 20, False),
    "ranking-both-ways": lambda a, p, n: ranking(a, p, n, 20, True),
    "ranking-no-negatives": lambda a, p, n: ranking(a, p, None, 20, True),
    # Texts 0 and 3 have one anchor, and positives 1 and 2 are one text.
    "ranking-duplicates": lambda a, p, n: ranking(a, p, None, 20, True, [(0, 3), (3, 0), (1, 2), (2, 1)]),
    "info-nce": lambda a, p, n: info_nce(a, p, n, 0.07),
    "triplet": lambda a, p, n: triplet(a, p, n, 0.2),
    "cosent": lambda a, p, n: cosent(a, p, SCORES, 20),
    "matryoshka": lambda a, p, n: matryoshka(a, p, [7, 4, 2], [1, 0.5, 0.25]),
}

result = {"scores": SCORES}
a, p, n = matrix(5, 7, 1.1), matrix(5, 7, 1.3), matrix(10, 7, 2.9)
result.update(anchors=a.tolist(), positives=p.tolist(), negatives=n.tolist(), cases={})
for name, loss in CASES.items():
    value = loss(a, p, n)
    gradients = torch.autograd.grad(value, [a, p, n], allow_unused=True)
    result["cases"][name] = {
        "value": value.item(),
        "gradients": [torch.zeros_like(x).tolist() if g is None else g.tolist() for x, g in zip((a, p, n), gradients)],
    }

print(json.dumps(result))
