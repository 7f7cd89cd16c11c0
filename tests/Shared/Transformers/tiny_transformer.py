"""Computes the vectors of TinyTransformer.cs with PyTorch: python3 tiny_transformer.py (Debian: python3-torch)."""
import math
import torch
import torch.nn.functional as F

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 16, 2, 4, 32, 40
WORDS = ("the a dog sees boat doctor she buys stone song forest and hound ship physician rock tune woods "
         "woman notices purchases car automobile ##s ##ing").split()
TEXTS = ["the dog sees a boat", "doctor", "she buys the stone and the song and the forest"]


def vectors(family):
    special = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"] if family == "roberta" else ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = special + WORDS
    place = 0

    def tensor(*shape, norm=False):
        nonlocal place
        count = math.prod(shape)
        values = []
        for i in range(count):
            wave = math.sin(12.9898 * i + 78.233 * place) * 43758.5453
            value = wave - math.floor(wave) - 0.5
            values.append(1 + value / 5 if norm else value)
        place += 1
        return torch.tensor(values, dtype=torch.float32).reshape(shape)

    word, position = tensor(len(vocabulary), WIDTH), tensor(POSITIONS, WIDTH)
    segment = None if family == "distilbert" else tensor(2 if family == "bert" else 1, WIDTH)
    norm = (tensor(WIDTH, norm=True), tensor(WIDTH))
    layers = []
    for _ in range(LAYERS):
        layer = {}
        for name, shape in [("q", (WIDTH, WIDTH)), ("k", (WIDTH, WIDTH)), ("v", (WIDTH, WIDTH)), ("o", (WIDTH, WIDTH)), ("n1", None),
                            ("w1", (INNER, WIDTH)), ("w2", (WIDTH, INNER)), ("n2", None)]:
            layer[name] = (tensor(WIDTH, norm=True), tensor(WIDTH)) if shape is None else (tensor(*shape), tensor(shape[0]))
        layers.append(layer)

    result = []
    for text in TEXTS:
        ids = torch.tensor([vocabulary.index(t) for t in ["[CLS]"] + text.split() + ["[SEP]"]])
        first = 2 if family == "roberta" else 0
        x = word[ids] + position[first:first + len(ids)]
        if segment is not None:
            x = x + segment[0]
        x = F.layer_norm(x, (WIDTH,), *norm, eps=1e-12)
        for layer in layers:
            def heads(name):
                return F.linear(x, *layer[name]).reshape(-1, HEADS, WIDTH // HEADS).transpose(0, 1)
            attention = torch.softmax(heads("q") @ heads("k").transpose(1, 2) / math.sqrt(WIDTH // HEADS), -1) @ heads("v")
            x = F.layer_norm(x + F.linear(attention.transpose(0, 1).reshape(-1, WIDTH), *layer["o"]), (WIDTH,), *layer["n1"], eps=1e-12)
            x = F.layer_norm(x + F.linear(F.gelu(F.linear(x, *layer["w1"])), *layer["w2"]), (WIDTH,), *layer["n2"], eps=1e-12)
        result.append(F.normalize(x.mean(0), dim=0))
    return result


for family in ["bert", "roberta", "distilbert"]:
    print(f'["{family}"] =\n[')
    for vector in vectors(family):
        print("    [" + ", ".join(f"{v:.7f}f" for v in vector.tolist()) + "],")
    print("],")
