#!/usr/bin/env python3
"""Draws the pictures of the documentation: from vectors of the built sextant, from the tables of the documentation, and by rule.

Usage: pictures.py COMMAND. Writes docs/images. Every picture has a light ground, so that it is legible in both themes."""
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COMMAND = os.path.abspath(sys.argv[1])
ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / 'docs/images'
BLUE, ORANGE, GREEN, GRAY, INK = '#2f6fde', '#d9822b', '#3a9a5c', '#9aa3ad', '#20262d'


def svg(name, width, height, title, *parts):
    body = '\n'.join(parts)
    (IMAGES / f'{name}.svg').write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="15" fill="{INK}">\n<title>{title}</title>\n'
        f'<rect width="{width}" height="{height}" rx="12" fill="#fbfbf9"/>\n{body}\n</svg>\n')


def text(x, y, words, anchor='start', color=INK, size=15, weight='normal'):
    words = words.replace('&', '&amp;').replace('<', '&lt;')
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" font-size="{size}" font-weight="{weight}">{words}</text>'


def line(x1, y1, x2, y2, color=INK, width=1.5, more=''):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" stroke-width="{width}" {more}/>'


def circle(x, y, radius, color, more=''):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{color}" {more}/>'


def sextant(*arguments, folder=None):
    return subprocess.run([COMMAND, *arguments], cwd=folder or ROOT, check=True, capture_output=True, text=True).stdout


def vectors(texts, folder, model='sextant-small'):
    (Path(folder) / 'texts.txt').write_text('\n'.join(texts) + '\n')
    lines = sextant('embed', '--input', 'texts.txt', '--model', model, '--json', folder=folder).splitlines()
    return [json.loads(row)['embedding'] for row in lines]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def words(folder):
    groups = {BLUE: ['dog', 'puppy', 'cat', 'kitten', 'pet'], ORANGE: ['car', 'automobile', 'vehicle', 'bicycle', 'truck'],
              GREEN: ['bread', 'soup', 'cheese', 'dinner', 'kitchen']}
    labels = [(word, color) for color, members in groups.items() for word in members]
    rows = vectors([word for word, _ in labels], folder)
    means = [sum(column) / len(rows) for column in zip(*rows)]
    rows = [[x - m for x, m in zip(row, means)] for row in rows]
    axes = []
    for seed in (1, 2):
        axis = [random.Random(seed * 1000 + i).gauss(0, 1) for i in range(len(means))]
        for _ in range(300):
            scores = [dot(row, axis) for row in rows]
            axis = [sum(s * row[i] for s, row in zip(scores, rows)) for i in range(len(means))]
            for other in axes:
                overlap = dot(axis, other)
                axis = [x - overlap * y for x, y in zip(axis, other)]
            length = math.sqrt(dot(axis, axis))
            axis = [x / length for x in axis]
        axes.append(axis)
    points = [(dot(row, axes[0]), dot(row, axes[1])) for row in rows]
    low = [min(p[i] for p in points) for i in (0, 1)]
    high = [max(p[i] for p in points) for i in (0, 1)]
    parts, taken = [], []
    spots = sorted(((60 + 560 * (x - low[0]) / (high[0] - low[0]), 50 + 270 * (y - low[1]) / (high[1] - low[1]), word, color)
                    for (x, y), (word, color) in zip(points, labels)), key=lambda spot: spot[1])
    for x, y, word, color in spots:
        label = y
        while any(abs(label - other) < 17 and abs(x - ox) < 95 for ox, other in taken):
            label += 3
        taken.append((x, label))
        parts += [line(x, y, x + 24, label, color, 1), circle(x, y, 6, color), text(x + 28, label + 5, word, color=color)]
    svg('words', 740, 390, 'Vectors of fifteen words on a plane', *parts)


def cosine(folder):
    pairs = ['how do I get my money back', 'When will my refund arrive?', 'We ship on Mondays.']
    rows = vectors(pairs, folder)
    parts, x0, y0, r = ['<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
                        f'<path d="M0 0 10 5 0 10z" fill="{INK}"/></marker></defs>'], 90, 300, 270
    for row, words, color, base in zip(rows, pairs, (INK, BLUE, ORANGE), (0, 0, 0)):
        value = max(-1, min(1, dot(rows[0], row)))
        angle = math.acos(value)
        x, y = x0 + r * math.cos(angle), y0 - r * math.sin(angle)
        parts.append(line(x0, y0, x, y, color, 2.5, 'marker-end="url(#a)"'))
        label = words if row is rows[0] else f'{words}  cosine {value:.2f}, {math.degrees(angle):.0f}°'
        parts.append(text(x + 12, y + 5, label, color=color))
    svg('cosine', 740, 340, 'Angles between a question and two texts', *parts)


def hnsw():
    rng = random.Random(11)
    nodes = [(rng.uniform(0, 560), rng.uniform(0, 1)) for _ in range(34)]
    levels = [range(34), range(0, 34, 4), range(0, 34, 12)]
    parts, height = [], [270, 160, 70]

    def place(index, level):
        x, depth = nodes[index]
        return 70 + x + 60 * depth, height[level] + 60 * depth - 20

    target = (560, 0.55)
    closeness = lambda i: (nodes[i][0] - target[0]) ** 2 + (150 * (nodes[i][1] - target[1])) ** 2
    for level in (0, 1, 2):
        y = height[level] - 32
        parts.append(f'<path d="M60 {y}h580l70 84h-580z" fill="#eef1f5"/>')
        parts.append(text(20, y + 20, f'{level}', color=GRAY, size=18))
        members = list(levels[level])
        links = {i: sorted((j for j in members if j != i),
                           key=lambda j: (nodes[i][0] - nodes[j][0]) ** 2 + (150 * (nodes[i][1] - nodes[j][1])) ** 2)[:3] for i in members}
        for i, near in links.items():
            for j in near:
                parts.append(line(*place(i, level), *place(j, level), color='#c3cad3', width=1.2))
        for i in members:
            parts.append(circle(*place(i, level), 4.5, GRAY))
    at = 0
    for level in (2, 1, 0):
        members = list(levels[level])
        while True:
            near = sorted((j for j in members if j != at), key=lambda j: (nodes[at][0] - nodes[j][0]) ** 2 + (150 * (nodes[at][1] - nodes[j][1])) ** 2)[:3]
            best = min([at, *near], key=closeness)
            if best == at:
                break
            parts.append(line(*place(at, level), *place(best, level), color=ORANGE, width=3))
            parts.append(circle(*place(at, level), 5.5, ORANGE))
            at = best
        parts.append(circle(*place(at, level), 6.5, ORANGE))
        if level:
            parts.append(line(*place(at, level), *place(at, level - 1), color=ORANGE, width=2, more='stroke-dasharray="5 4"'))
    qx, qy = 70 + target[0] + 60 * target[1], height[0] + 60 * target[1] - 20
    parts += [circle(qx, qy, 7, 'none', f'stroke="{BLUE}" stroke-width="3"'), text(qx + 14, qy + 5, 'query', color=BLUE)]
    svg('hnsw', 760, 340, 'A search in a graph of three levels', *parts)


def matryoshka():
    table = re.findall(r'^\| (\d+) \| float32 \| [\d,]+ \| [\d.]+ \| [\d.]+ % \| ([\d.]+) \| ([\d.]+) \|$', (ROOT / 'docs/evaluation.md').read_text(), re.M)
    parts, base = [], [float(v) for v in table[0][1:]]
    for percent in (40, 60, 80, 100):
        y = 290 - 2.4 * percent
        parts += [line(70, y, 560, y, '#d9dee4', 1), text(60, y + 5, f'{percent} %', 'end', GRAY)]
    for column, (name, color) in enumerate((('similarity (STS-B)', BLUE), ('retrieval (SciFact)', ORANGE))):
        points = [(120 + 140 * i, 290 - 240 * float(row[column + 1]) / base[column]) for i, row in enumerate(table)]
        parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" stroke="{color}" stroke-width="3"/>')
        parts += [circle(x, y, 5, color) for x, y in points]
        parts.append(text(points[-1][0] + 14, points[-1][1] + 5, name, color=color))
    parts += [text(120 + 140 * i, 316, f'{row[0]}', 'middle') for i, row in enumerate(table)]
    parts.append(text(330, 338, 'dimensions', 'middle', GRAY, 13))
    svg('matryoshka', 740, 350, 'Scores by dimensions', *parts)


def quantization(folder):
    row = vectors(['how do I get my money back'], folder)[0][:16]
    top = max(abs(x) for x in row)
    codes = {'float32': row, 'int8': [round(x / top * 127) / 127 * top for x in row], 'int4': [round(x / top * 7) / 7 * top for x in row],
             'bit': [math.copysign(top / 2, x) for x in row]}
    parts = []
    for place, (name, values) in enumerate(codes.items()):
        middle = 60 + 92 * place
        parts += [text(20, middle + 5, name, weight='bold'), line(100, middle, 700, middle, '#d9dee4', 1)]
        for i, value in enumerate(values):
            length = 38 * value / top
            parts.append(f'<rect x="{110 + 37 * i}" y="{min(middle, middle - length):.1f}" width="26" height="{max(1, abs(length)):.1f}" fill="{BLUE if value > 0 else ORANGE}"/>')
    svg('quantization', 740, 400, 'Sixteen dimensions in four storages', *parts)


def contrastive(folder):
    rows = [json.loads(row) for row in (ROOT / 'examples/faq.jsonl').read_text().splitlines()]
    english = [row for row in rows if row['lang'] == 'en']
    chosen = [next(row for row in english if row['id'] == name) for name in ('refunds-02', 'billing-02', 'shipping-02', 'account-02')
              if any(row['id'] == name for row in english)]
    chosen = (chosen + [row for row in english if row not in chosen])[:4]
    (Path(folder) / 'pairs.jsonl').write_text('\n'.join(json.dumps({'anchor': row['question'], 'positive': row['answer']}) for row in rows) + '\n')
    sextant('train', 'pairs.jsonl', '-o', 'tuned', '--epochs', '6', '--warmup', '5', '--quiet', folder=folder)
    parts = []
    for side, (title, model) in enumerate((('before', 'sextant-small'), ('after', './tuned'))):
        questions = vectors([row['question'] for row in chosen], folder, model)
        answers = vectors([row['answer'] for row in chosen], folder, model)
        left = 40 + 350 * side
        parts.append(text(left + 140, 32, title, 'middle', weight='bold'))
        for i, question in enumerate(questions):
            for j, answer in enumerate(answers):
                value = dot(question, answer)
                shade = max(0, min(1, value / 0.7))
                parts.append(f'<rect x="{left + 72 * j}" y="{50 + 62 * i}" width="68" height="58" rx="5" fill="{BLUE}" fill-opacity="{0.06 + 0.94 * shade:.2f}"/>')
                parts.append(text(left + 72 * j + 34, 50 + 62 * i + 34, f'{value:.2f}', 'middle', '#ffffff' if shade > 0.55 else INK))
    svg('contrastive', 740, 320, 'Similarities before and after training', *parts)


def terminal(folder):
    """What the commands print, a line after the other."""
    commands = [['search', 'examples/faq.jsonl', 'how do I get my money back', '-k', '2'],
                ['index', 'examples/faq.jsonl', '--to', 'faq.sextant'],
                ['search', 'faq.sextant', 'how do I get my money back', '-k', '1', '--filter', 'year < 2024'],
                ['similarity', 'the dog chased the cat', 'a puppy ran after a kitten', ]]
    shutil.copytree(ROOT / 'examples', Path(folder, 'examples'), ignore=lambda _, names: [name for name in names if not name.endswith('.jsonl')])
    rows, at = [], 0.3
    for command in commands:
        shown = ' '.join(f'"{word}"' if ' ' in word else word for word in command)
        rows.append((at, f'$ sextant {shown}', True))
        at += 1.0
        done = subprocess.run([COMMAND, *command], cwd=folder, check=True, capture_output=True, text=True)
        for printed in (done.stdout + (done.stderr if not done.stdout else '')).splitlines():
            rows.append((at, printed if len(printed) <= 108 else printed[:107] + '…', False))
            at += 0.15
        rows.append((at, '', False))
        at += 1.0
    parts = ['<style>text{font:14px ui-monospace,Menlo,Consolas,monospace;white-space:pre;animation:show .01s both}'
             '@keyframes show{from{opacity:0}to{opacity:1}}@media (prefers-reduced-motion){text{animation:none}}</style>',
             f'<rect width="960" height="{70 + 21 * len(rows)}" rx="12" fill="#1b2027"/>',
             *(circle(24 + 20 * i, 22, 6, color) for i, color in enumerate(('#e0605a', '#dfae45', '#57a862')))]
    for place, (when, words, typed) in enumerate(rows):
        words = words.replace('&', '&amp;').replace('<', '&lt;')
        parts.append(f'<text x="22" y="{62 + 21 * place}" fill="{"#8fd0ff" if typed else "#d8dee6"}" xml:space="preserve" style="animation-delay:{when:.2f}s">{words}</text>')
    svg('terminal', 960, 70 + 21 * len(rows), 'sextant in a terminal', *parts)


IMAGES.mkdir(exist_ok=True)
with tempfile.TemporaryDirectory() as scratch:
    words(scratch)
    cosine(scratch)
    hnsw()
    matryoshka()
    quantization(scratch)
    terminal(scratch)
sextant('plot', 'examples/faq.jsonl', '-o', str(IMAGES / 'faq.png'), '--label', 'topic')
sextant('plot', 'examples/faq.jsonl', '-o', str(IMAGES / 'score.png'), '--color-by', 'score', '--query', 'how do I get my money back')
sextant('plot', 'examples/faq.jsonl', '-o', str(IMAGES / 'contours.png'), '--label', 'topic', '--contours')
sextant('plot', 'examples/almanac.jsonl', '-o', str(IMAGES / 'names.png'), '--label', 'topic', '--cluster-names')
sextant('plot', 'examples/almanac.jsonl', '-o', str(IMAGES / 'facets.png'), '--facet', 'topic')
with tempfile.TemporaryDirectory() as scratch:
    shutil.copy(ROOT / 'examples/faq.jsonl', scratch)
    contrastive(scratch)
    sextant('plot', 'faq.jsonl', '-o', str(IMAGES / 'compare.png'), '--label', 'topic', '--compare', 'sextant-small', './tuned', folder=scratch)
with tempfile.TemporaryDirectory() as scratch:
    Path(scratch, 'nine.txt').write_text('\n'.join('dog puppy cat kitten pet car automobile bicycle vehicle'.split()) + '\n')
    sextant('plot', str(Path(scratch, 'nine.txt')), '-o', str(IMAGES / 'nine.png'))
