"""Makes the strings on which tokenisers are compared: Fixtures/parity/strings.json.gz. The same every time."""
import gzip, json, random, re, unicodedata
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
random.seed(20261126)

lines = (HERE / "sentences.txt").read_text().splitlines()
for name in ["faq.jsonl", "almanac.jsonl"]:
    for line in (ROOT / "examples" / name).read_text().splitlines():
        lines += [v for v in json.loads(line).values() if isinstance(v, str) and len(v) < 160]

BLOCKS = [(0x21, 0x7E), (0xA0, 0xFF), (0x100, 0x17F), (0x180, 0x24F), (0x250, 0x2AF), (0x370, 0x3FF), (0x400, 0x4FF), (0x531, 0x58A),
          (0x5D0, 0x5F4), (0x600, 0x6FF), (0x780, 0x7B1), (0x900, 0x97F), (0x980, 0x9FF), (0xA00, 0xA7F), (0xB80, 0xBFF), (0xC80, 0xCFF),
          (0xD00, 0xD7F), (0xE00, 0xE5B), (0xE80, 0xEDF), (0xF00, 0xFFF), (0x1000, 0x109F), (0x10A0, 0x10FF), (0x1100, 0x11FF),
          (0x1200, 0x137F), (0x13A0, 0x13FF), (0x1780, 0x17F9), (0x1E00, 0x1EFF), (0x1F00, 0x1FFE), (0x2000, 0x206F), (0x2070, 0x209C),
          (0x20A0, 0x20C0), (0x2100, 0x218B), (0x2190, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x27BF), (0x2C00, 0x2CFF), (0x3000, 0x30FF),
          (0x3105, 0x312F), (0x3200, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4C6), (0xA640, 0xA69F), (0xA720, 0xA7CA),
          (0xAC00, 0xD7A3), (0xF900, 0xFAD9), (0xFB00, 0xFB4F), (0xFB50, 0xFDFF), (0xFE20, 0xFE6F), (0xFF01, 0xFFEE), (0x10300, 0x10323),
          (0x10400, 0x1044F), (0x11000, 0x1104D), (0x1D100, 0x1D1E8), (0x1D400, 0x1D7FF), (0x1F100, 0x1F1FF), (0x1F300, 0x1F64F),
          (0x1F680, 0x1F6FC), (0x1F900, 0x1F9FF), (0x20000, 0x2A6DF), (0x2F800, 0x2FA1D)]
SPACES = [" ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u2028", "\u3000", "\u200b", "\u200d", "\ufeff", "\u0085"]
MARKS = [chr(c) for c in [0x300, 0x301, 0x302, 0x303, 0x308, 0x30A, 0x323, 0x327, 0x328, 0x338, 0x345, 0x5B0, 0x64B, 0x93C, 0x94D, 0x20DD,
                          0x3099, 0xFE0F, 0x20E3, 0x0]]
WRITTEN = ["[CLS]", "[SEP]", "[PAD]", "[MASK]", "[UNK]", "<s>", "</s>", "<pad>", "<unk>", "<mask>", "<0x41>", "\u2581", "##ing", "<|endoftext|>"]
EMOJI = ["\U0001F600", "\U0001F469\u200D\U0001F4BB", "\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F44D\U0001F3FD", "\U0001F1E9\U0001F1EA",
         "1\uFE0F\u20E3", "\u2764\uFE0F", "\u2603", "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "\U0001FAE0"]


def assigned(low, high):
    while True:
        c = chr(random.randint(low, high))
        # Younger characters mean different things to libraries of different years; private and broken ones mean nothing.
        if unicodedata.category(c) not in ("Cn", "Cs", "Co"):
            return c


def word(blocks, most=9):
    low, high = random.choice(blocks)
    return "".join(assigned(low, high) for _ in range(random.randint(1, most)))


def soup():
    blocks = random.sample(BLOCKS, random.randint(1, 3))
    return random.choice(SPACES[:5]).join(word(blocks) for _ in range(random.randint(1, 7)))


def mutated():
    text = list(random.choice(lines))
    for _ in range(random.randint(1, 5)):
        kind = random.random()
        new = (random.choice(MARKS) if kind < 0.35 else random.choice(SPACES) if kind < 0.6 else random.choice(WRITTEN) if kind < 0.75
               else random.choice(EMOJI) if kind < 0.85 else assigned(*random.choice(BLOCKS)))
        text.insert(random.randint(0, len(text)), new)
    text = "".join(text)
    return random.choice([str, str, str, str.upper, str.title, str.swapcase,
                          lambda t: unicodedata.normalize("NFD", t), lambda t: unicodedata.normalize("NFKC", t)])(text)


def technical():
    number = random.choice(["%d" % random.randint(0, 10**12), "%.3f" % random.uniform(-1e4, 1e4), "%e" % random.uniform(0, 1e9),
                            "%d/%d/%d" % (random.randint(1, 31), random.randint(1, 12), random.randint(1900, 2100)), "0x%X" % random.getrandbits(40)])
    name = "".join(random.choice("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_-") for _ in range(random.randint(2, 18)))
    return random.choice([
        f"https://{name.lower()}.example.org/{name}?q={number}&r=%20#top", f"{name}.{name[:3]}({number}) != null; // {random.choice(lines)[:30]}",
        f"{number} {name}", f"${number},{name}'s {name}'ll've", name * random.randint(1, 12), f"<{name} id=\"{number}\">{name}</{name}>",
        f"{name}\t{number}\n\n  {name}", "".join(random.choice("!?.,;:-_*#@&%()[]{}\"'`~^|\\/<>=+$ ") for _ in range(random.randint(1, 30)))])


def emoji():
    return random.choice(["", " ", " x "]).join(random.choice(EMOJI + [assigned(0x1F300, 0x1F64F)]) for _ in range(random.randint(1, 6)))


def anything():
    return "".join(assigned(0, 0x2FFFF if random.random() < 0.3 else 0xFFFF) for _ in range(random.randint(1, 14)))


fixed = ["", " ", "   ", "\n", "\u0000", "a", "A", "\u00e9", "e\u0301", "\u0130", "\ufb01", "\u1e9e", "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
         "a" * 99, "a" * 100, "a" * 101, "\u4e00" * 200, "ab " * 700, "\U0001F600" * 100, " leading", "trailing ", "  both  ", "a\u2581b", "\u2581"] + WRITTEN + random.sample(lines, 2200)
strings = fixed + [f() for f, n in [(soup, 2700), (mutated, 2900), (technical, 1200), (emoji, 400), (anything, 900)] for _ in range(n)]
strings = [s[:600] if s not in fixed else s for s in strings]
out = HERE.parent / "Fixtures" / "parity" / "strings.json.gz"
out.parent.mkdir(parents=True, exist_ok=True)
with open(out, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as file:
    file.write(json.dumps(strings, ensure_ascii=False, separators=(",", ":")).encode())
print(len(strings), "strings,", out.stat().st_size, "bytes")
