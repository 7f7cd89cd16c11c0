// golden.mjs MODELS DATA: writes ../Golden/MODEL.json again, from the folders MODELS/MODEL and the public data sets below DATA.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { models, open } from './reference.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const [folder, data] = process.argv.slice(2);
const { version } = JSON.parse(fs.readFileSync(path.join(here, 'node_modules/@huggingface/transformers/package.json'), 'utf8'));

const letters = count => Array.from({ length: count }, (_, i) => 'abcdefghijklmnopqrstuvwxyz'[i % 26]).join(' ');

const texts = [
  { text: 'Refunds are paid within five days.' },
  { text: 'how do I get my money back', role: 'query' },
  { text: '?' },
  { text: 'Crème brûlée, naïve Ångström, Straße, İSTANBUL, ﬁne print, e\u0301te\u0301' },
  { text: 'Great job! \u{1F469}\u200D\u{1F469}\u200D\u{1F467} \u{1F389} \u{1F1EB}\u{1F1F7} \u2764\uFE0F' },
  { text: '東京タワーは333mです。 Привет, мир! مرحبا بالعالم' },
  { text: 'if (x != null && y >= 0x1F)\n{\n\treturn "a\\tb"; // [MASK] ##ing\n}' },
  { text: `${'a'.repeat(101)} ${'b'.repeat(100)} c\u00ADo\u200Bd\u00A0e` },
  // About 210 tokens: within the limit of both models.
  { text: Array.from({ length: 30 }, (_, i) => `Item ${i} costs ${i * 7 % 31} euros.`).join(' ') },
  // 600 letters of one token each, beyond both limits. The reference cuts the closing [SEP] off as well, which the models were not trained
  // for; so its vector is that of the letters that fit.
  { text: letters(600), fitting: maxTokens => letters(maxTokens - 2) },
];

// The pairs of a task's original file that the tests measure with: every third of STS-B, every tenth of SICK.
const rows = (file, header) => fs.readFileSync(path.join(data, 'eval', file), 'utf8').split(/\r?\n/).filter(line => line !== '').slice(header).map(line => line.split('\t'));
const tasks = {
  stsbenchmark: rows('stsbenchmark/sts-test.csv', 0).filter((_, i) => i % 3 === 0).map(row => [row[5], row[6], Number(row[4])]),
  sick: rows('sick/SICK_test_annotated.txt', 1).filter((_, i) => i % 10 === 0).map(row => [row[1], row[2], Number(row[3])]),
};

// Ranks from 1; equal values share the mean of their ranks.
function ranks(values) {
  return values.map(value => {
    const below = values.filter(other => other < value).length, equal = values.filter(other => other === value).length;
    return below + (equal + 1) / 2;
  });
}

function spearman(a, b) {
  const [x, y] = [ranks(a), ranks(b)], mean = (a.length + 1) / 2;
  const sum = f => x.reduce((total, _, i) => total + f(x[i] - mean, y[i] - mean), 0);
  return sum((u, v) => u * v) / Math.sqrt(sum((u, _) => u * u) * sum((_, v) => v * v));
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

fs.mkdirSync(path.join(here, '../Golden'), { recursive: true });
for (const [name, { queryPrompt, maxTokens }] of Object.entries(models)) {
  const embed = await open(name, path.join(folder, name));
  const scores = {};
  for (const [task, pairs] of Object.entries(tasks)) {
    const cosines = [];
    for (const [a, b] of pairs) cosines.push(dot(Array.from(await embed(a)), Array.from(await embed(b))));
    scores[task] = Number(spearman(cosines, pairs.map(pair => pair[2])).toFixed(6));
    console.log(name, task, pairs.length, scores[task]);
  }
  const lines = [];
  for (const { text, role, fitting } of texts) {
    const vector = Array.from(await embed(role === 'query' ? queryPrompt + text : fitting?.(maxTokens) ?? text), value => Number(value.toPrecision(7)));
    lines.push('    ' + JSON.stringify({ text, isQuery: role === 'query', vector }));
  }
  const json = `{\n  "reference": "@huggingface/transformers ${version}",\n  "scores": ${JSON.stringify(scores)},\n  "texts": [\n${lines.join(',\n')}\n  ]\n}\n`;
  fs.writeFileSync(path.join(here, '../Golden', name + '.json'), json);
}
