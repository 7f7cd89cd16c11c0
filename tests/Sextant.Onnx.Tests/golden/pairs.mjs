// Writes Fixtures/pair-*/expected.json: pairs of texts, their tokens by Hugging Face tokenizers (truncation longest_first), and the logits by
// AutoModelForSequenceClassification of @huggingface/transformers, one pair at a time and without padding.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Tokenizer } from 'tokenizers'

const here = path.dirname(fileURLToPath(import.meta.url)), fixtures = path.join(here, '..', 'Fixtures')
// Installed for the tests on real models.
const require = createRequire(path.join(here, '..', '..', 'Sextant.NuGetModels.Tests', 'npm', 'package.json'))
const { AutoModelForSequenceClassification, Tensor, env } = require('@huggingface/transformers')
env.allowRemoteModels = false
env.localModelPath = fixtures

const maxLength = 48
const texts = JSON.parse(fs.readFileSync(path.join(here, 'texts.json')))
const sentences = fs.readFileSync(path.join(here, 'sentences.txt'), 'utf8').split('\n').filter(line => line !== '')
const words = sentences.join(' ').split(/\s+/)
const run = (from, count) => Array.from({ length: count }, (_, i) => words[(from + i) % words.length]).join(' ')

// Every text against four others (nothing, blanks, marks and scripts among them), then pairs of growing lengths on both sides of the limit.
const pairs = []
for (let i = 0; i < texts.length; i++) for (const step of [0, 1, 2, 5]) pairs.push([texts[i], texts[(i + step) % texts.length]])
for (let i = 0; i < 72; i++) pairs.push([run(3 * i, i % 9 === 8 ? 40 : i % 9), run(7 * i + 5, (i * 5) % 31)])

for (const name of ['bert', 'roberta', 'xlmr']) {
  const folder = path.join(fixtures, `pair-${name}`), file = fs.readFileSync(path.join(folder, 'tokenizer.json'), 'utf8')
  const whole = Tokenizer.fromString(file), cut = Tokenizer.fromString(file)
  cut.setTruncation(maxLength, { strategy: 'LongestFirst' })
  const model = await AutoModelForSequenceClassification.from_pretrained(`pair-${name}`, { dtype: 'fp32' })
  const expected = []
  let truncated = 0
  for (const [query, document] of pairs) {
    const encoding = await cut.encode(query, document), ids = encoding.getIds(), types = encoding.getTypeIds()
    truncated += (await whole.encode(query, document)).getIds().length > ids.length
    const tensor = list => new Tensor('int64', BigInt64Array.from(list, BigInt), [1, list.length])
    const inputs = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) }
    if (name === 'bert') inputs.token_type_ids = tensor(types)
    const { logits } = await model(inputs)
    expected.push({ query, document, ids, types, logit: logits.data[0] })
  }
  const lines = expected.map(pair => JSON.stringify(pair))
  fs.writeFileSync(path.join(folder, 'expected.json'), `{"maxLength":${maxLength},"pairs":[\n${lines.join(',\n')}\n]}\n`)
  console.log(name, expected.length, 'pairs,', truncated, 'truncated, logits',  Math.min(...expected.map(p => p.logit)), 'to', Math.max(...expected.map(p => p.logit)))
}
