#!/usr/bin/env python3
"""Counts what labels cover in plots: overlaps.py SEXTANT-COMMAND draws four plots as SVG, overlaps.py FILE.svg ... reads yours.

Prints a line per plot: labels, pairs of labels that overlap, points that a label covers, labels with a leader line, and the mean
distance of a label to the nearest point. Text is measured with the font of the plots. Exits with 1 if anything overlaps."""
import json
import math
import random
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FONT = ROOT / 'src/Sextant.Plotting/Fonts/DejaVuSans.ttf'
NINE = ['dog', 'puppy', 'cat', 'kitten', 'pet', 'car', 'automobile', 'bicycle', 'vehicle']
NUMBER = r'-?\d+(?:\.\d+)?(?:e-?\d+)?'


def widths():
    """The width of each character in the font, in sizes of the font."""
    data = FONT.read_bytes()
    tables = {data[at:at + 4]: struct.unpack('>II', data[at + 8:at + 16])
              for at in range(12, 12 + 16 * struct.unpack('>H', data[4:6])[0], 16)}
    head, hhea, hmtx, cmap = (tables[name][0] for name in (b'head', b'hhea', b'hmtx', b'cmap'))
    units, count = struct.unpack('>H', data[head + 18:head + 20])[0], struct.unpack('>H', data[hhea + 34:hhea + 36])[0]
    advance = lambda glyph: struct.unpack('>H', data[hmtx + 4 * min(glyph, count - 1):][:2])[0] / units
    found = {}
    for entry in range(struct.unpack('>H', data[cmap + 2:cmap + 4])[0]):
        table = cmap + struct.unpack('>I', data[cmap + 8 + 8 * entry:cmap + 12 + 8 * entry])[0]
        if struct.unpack('>H', data[table:table + 2])[0] == 12:
            for group in range(struct.unpack('>I', data[table + 12:table + 16])[0]):
                first, last, glyph = struct.unpack('>III', data[table + 16 + 12 * group:table + 28 + 12 * group])
                found.update((code, advance(glyph + code - first)) for code in range(first, last + 1))
    return found


def box(element):
    """The bounds of a drawn shape."""
    if element.tag.endswith('ellipse') or element.tag.endswith('circle'):
        x, y, r = (float(element.get(name, element.get('r', 0))) for name in ('cx', 'cy', 'rx'))
        return x - r, y - r, x + r, y + r
    numbers = [float(n) for n in re.findall(NUMBER, element.get('d') or element.get('points') or '')]
    return (min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])) if numbers else None


def count(path, advance):
    root = ElementTree.parse(path).getroot()
    elements = list(root.iter())
    texts = [e for e in elements if e.tag.endswith('}text')]
    frame = [float(next(reversed([e for e in elements if e.tag.endswith('clipPath')]))[0].get(name)) for name in ('x', 'y', 'width', 'height')]
    inside = lambda x, y: frame[0] < x < frame[0] + frame[2] and frame[1] < y < frame[1] + frame[3]
    shapes = [box(e) for e in elements if e.tag.split('}')[-1] in ('ellipse', 'circle', 'path', 'polygon') and e.get('fill') != 'none']
    points = [b for b in shapes if b and b[2] - b[0] < 30 and b[3] - b[1] < 30 and inside(b[0] + 1, b[1] + 1)]
    lines = [b for b in map(box, (e for e in elements if abs(float(e.get('stroke-width', 0)) - 0.8) < 0.01)) if b]
    labels = []
    for e in texts:
        size, x, y = (float(e.get(name)) for name in ('font-size', 'x', 'y'))
        if inside(x, y):
            labels.append((x, y - 0.73 * size, x + sum(advance.get(ord(c), 0.6) for c in e.text) * size, y + 0.21 * size))
    touch = lambda a, b: a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    pairs = sum(touch(a, b) for i, a in enumerate(labels) for b in labels[:i])

    def apart(label, point):
        x, y = (point[0] + point[2]) / 2, (point[1] + point[3]) / 2
        return math.hypot(x - min(max(x, label[0]), label[2]), y - min(max(y, label[1]), label[3])) - (point[2] - point[0]) / 2

    covered = sum(any(apart(label, point) < -0.05 for label in labels) for point in points)
    near = [min(apart(label, point) for point in points) for label in labels]
    return len(points), len(labels), pairs, covered, len(lines), sum(near) / max(1, len(near))


def mixtures(folder):
    """2,000 texts that are halves of the examples' sentences."""
    rows = [json.loads(line) for line in (ROOT / 'examples/almanac.jsonl').read_text().splitlines()]
    rng = random.Random(1)
    with open(folder / 'mixtures.jsonl', 'w', encoding='utf-8') as file:
        for _ in range(2000):
            first, second = (rng.choice(rows) for _ in range(2))
            a, b = first['text'].split(), second['text'].split()
            file.write(json.dumps({'text': ' '.join(a[:len(a) // 2] + b[len(b) // 2:]), 'topic': first['topic']}) + '\n')


def draw(command, folder):
    (folder / 'words.txt').write_text('\n'.join(NINE) + '\n')
    mixtures(folder)
    for name, source, more in (('words', folder / 'words.txt', []), ('faq', ROOT / 'examples/faq.jsonl', ['--label', 'topic']),
                               ('almanac', ROOT / 'examples/almanac.jsonl', ['--label', 'topic']),
                               ('mixtures', folder / 'mixtures.jsonl', ['--label', 'topic'])):
        subprocess.run([command, 'plot', source, '-o', folder / f'{name}.svg', *more], check=True, capture_output=True)
        yield folder / f'{name}.svg'


def main(arguments):
    advance = widths()
    with tempfile.TemporaryDirectory() as scratch:
        paths = arguments if arguments[0].endswith('.svg') else draw(Path(arguments[0]).resolve(), Path(scratch))
        wrong = 0
        for path in paths:
            points, labels, pairs, covered, lines, apart = count(path, advance)
            wrong += pairs + covered
            print(f'{Path(path).stem:10}{points:6} points{labels:5} labels{pairs:4} overlapping pairs{covered:5} covered points'
                  f'{lines:4} leader lines{apart:7.1f} px to the nearest point')
    sys.exit(1 if wrong else 0)


main(sys.argv[1:])
