// Makes the tokenizer.json of each small model with the reference tokenisers, the ids of the golden texts (work/ids.json) and
// digests of the ids of all strings (Fixtures/parity/expected.json.gz).
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { Tokenizer, WordPiece, BPE, bertNormalizer, bertPreTokenizer, byteLevelPreTokenizer, byteLevelAlphabet } from 'tokenizers'

const here = path.dirname(fileURLToPath(import.meta.url))
const fixtures = path.join(here, '..', 'Fixtures'), root = path.join(here, '..', '..', '..')
const read = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts)))
const all = path.join(here, 'work', 'text.txt'), western = path.join(here, 'work', 'western.txt')

const special = (content, id, more) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...more })
const template = (before, after, ids) => ({
  type: 'TemplateProcessing',
  single: [...before.map(id => ({ SpecialToken: { id, type_id: 0 } })), { Sequence: { id: 'A', type_id: 0 } }, ...after.map(id => ({ SpecialToken: { id, type_id: 0 } }))],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: Object.fromEntries([...before, ...after].map(id => [id, { id, ids: [ids[id]], tokens: [id] }])),
})
const file = (model, parts) => ({ version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...parts, model })

// What the trainer learned, the first `size` tokens of it, after the special ones.
function learned(model, text, normalizer, preTokenizer, specials, size, always = []) {
  const tokenizer = new Tokenizer(model)
  if (normalizer) tokenizer.setNormalizer(normalizer)
  tokenizer.setPreTokenizer(preTokenizer)
  tokenizer.train([text])
  const out = path.join(here, 'work', 'trained.json')
  tokenizer.save(out)
  const trained = read(out).model
  const tokens = Object.entries(trained.vocab).sort((a, b) => a[1] - b[1]).map(e => e[0])
  const kept = [...new Set([...specials, ...always, ...tokens])].slice(0, size)
  const vocab = Object.fromEntries(kept.map((token, id) => [token, id]))
  const merges = (trained.merges ?? []).filter(([a, b]) => a in vocab && b in vocab && a + b in vocab)
  return { vocab, merges }
}

function bert() {
  const names = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  const { vocab } = learned(WordPiece.empty(), western, bertNormalizer(), bertPreTokenizer(), names, 520)
  const json = lowercase => file(
    { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
    {
      added_tokens: names.map((name, id) => special(name, id)),
      normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: template(['[CLS]'], ['[SEP]'], vocab),
    })
  return [json(true), json(false)]
}

function roberta() {
  const names = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
  const { vocab, merges } = learned(BPE.empty(), all, null, byteLevelPreTokenizer(false, true), names, 500, byteLevelAlphabet().sort())
  const model = { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false, byte_fallback: false, vocab, merges }
  const added_tokens = names.map((name, id) => special(name, id, { lstrip: name === '<mask>' }))
  const plain = file(model, {
    added_tokens,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0], trim_offsets: true, add_prefix_space: false },
  })
  // As Llama 3 and Qwen have it: a normal form, an expression of its own, bytes without GPT-2's.
  const modern = file(model, {
    added_tokens,
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+" }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
  })
  return [plain, modern]
}

function xlmr() {
  const { pieces, charsmap } = read(here, 'work', 'unigram.json')
  const vocab = [['<s>', 0], ['<pad>', 0], ['</s>', 0], ['<unk>', 0], ...pieces.slice(3).map(([piece, score]) => [piece, score]), ['<mask>', 0]]
  return file({ type: 'Unigram', unk_id: 3, vocab, byte_fallback: false }, {
    added_tokens: ['<s>', '<pad>', '</s>', '<unk>'].map((name, id) => special(name, id)).concat(special('<mask>', vocab.length - 1, { lstrip: true })),
    normalizer: { type: 'Precompiled', precompiled_charsmap: Buffer.from(charsmap).toString('base64') },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true }] },
    post_processor: template(['<s>'], ['</s>'], { '<s>': 0, '</s>': 2 }),
  })
}

function mistral() {
  const { pieces } = read(here, 'work', 'bpe.json')
  const vocab = Object.fromEntries(pieces.map(([piece], id) => [piece, id]))
  const merges = []
  for (const [piece, score] of pieces) {
    const chars = [...piece]
    for (let i = 1; i < chars.length; i++) {
      const left = chars.slice(0, i).join(''), right = chars.slice(i).join('')
      if (left in vocab && right in vocab) merges.push({ left, right, score, length: i })
    }
  }
  merges.sort((a, b) => b.score - a.score || a.length - b.length)
  return file({
    type: 'BPE', dropout: null, unk_token: '<unk>', continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true, byte_fallback: true,
    vocab, merges: merges.map(m => [m.left, m.right]),
  }, {
    added_tokens: ['<unk>', '<s>', '</s>'].map((name, id) => special(name, id)),
    normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '\u2581' }, { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' }] },
    post_processor: template(['<s>'], [], { '<s>': 1 }),
  })
}

const ids = async (tokenizer, string, addSpecialTokens = true) => (await tokenizer.encode(string, null, { addSpecialTokens })).getIds()

function digest(list) {
  let hash = 2166136261
  for (const id of list) for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((id >>> shift) & 255), 16777619) >>> 0
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xff
}

const [uncased, cased] = bert(), [plain, modern] = roberta()
const made = { bert: uncased, roberta: plain, xlmr: xlmr(), mistral: mistral() }
for (const [name, json] of Object.entries(made)) {
  fs.mkdirSync(path.join(fixtures, name), { recursive: true })
  fs.writeFileSync(path.join(fixtures, name, 'tokenizer.json'), JSON.stringify(json) + '\n')
}
fs.writeFileSync(path.join(fixtures, 'parity', 'bert-cased.json'), JSON.stringify({ normalizer: cased.normalizer }) + '\n')
fs.writeFileSync(path.join(fixtures, 'parity', 'qwen-style.json'), JSON.stringify({ normalizer: modern.normalizer, pre_tokenizer: modern.pre_tokenizer, post_processor: modern.post_processor }) + '\n')
fs.writeFileSync(path.join(fixtures, 'bert', 'vocab.txt'), Object.entries(uncased.model.vocab).sort((a, b) => a[1] - b[1]).map(e => e[0]).join('\n') + '\n')
fs.writeFileSync(path.join(fixtures, 'roberta', 'vocab.json'), JSON.stringify(plain.model.vocab) + '\n')
fs.writeFileSync(path.join(fixtures, 'roberta', 'merges.txt'), '#version: 0.2\n' + plain.model.merges.map(m => m.join(' ')).join('\n') + '\n')

const texts = read(here, 'texts.json'), golden = {}
const limits = { bert: 32, roberta: 30, xlmr: 30, mistral: 47 }
for (const [name, json] of Object.entries(made)) {
  const tokenizer = Tokenizer.fromString(JSON.stringify(json))
  tokenizer.setTruncation(limits[name])
  const of = async string => [...await ids(tokenizer, string), ...(name === 'mistral' ? [2] : [])]
  golden[name] = { plain: [], prompted: [], prompt: (await of('query: ')).length - 1 }
  for (const string of texts) {
    golden[name].plain.push(await of(string))
    golden[name].prompted.push(await of('query: ' + string))
  }
}
fs.writeFileSync(path.join(here, 'work', 'ids.json'), JSON.stringify(golden))

const strings = JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(fixtures, 'parity', 'strings.json.gz'))))
const compared = { ...made, 'bert-cased': cased, 'qwen-style': modern, 'sextant-small': read(root, 'models', 'sextant-small', 'tokenizer.json') }
const file256 = crypto.createHash('sha256').update(fs.readFileSync(path.join(root, 'models', 'sextant-small', 'tokenizer.json'))).digest('hex')
if (process.argv[2]) {
  const data = process.argv[2]
  compared['bert-base-uncased'] = read(data, 'bert-base-uncased', 'tokenizer.json')
  const vocab = read(data, 'gpt2', 'encoder.json')
  const merges = fs.readFileSync(path.join(data, 'gpt2', 'vocab.bpe'), 'utf8').split('\n').filter(l => l && !l.startsWith('#version')).map(l => l.split(' '))
  compared.gpt2 = file({ ...plain.model, vocab, merges }, { added_tokens: [special('<|endoftext|>', 50256)], pre_tokenizer: plain.pre_tokenizer })
}
const expected = {}
for (const [name, json] of Object.entries(compared)) {
  const tokenizer = Tokenizer.fromString(JSON.stringify(json)), digests = new Uint8Array(strings.length), all = crypto.createHash('sha256')
  let tokens = 0
  for (const [i, string] of strings.entries()) {
    const found = await ids(tokenizer, string, false)
    tokens += found.length
    digests[i] = digest(found)
    all.update(new Uint8Array(Int32Array.from([...found, -1]).buffer))
  }
  expected[name] = { reference: 'tokenizers 0.23.2', tokens, all: all.digest('hex'), digests: Buffer.from(digests).toString('base64') }
  console.log(name, Object.keys(json.model.vocab).length, 'pieces', tokens, 'tokens')
}
expected['sextant-small'].file = file256
fs.writeFileSync(path.join(here, 'work', 'expected.json'), JSON.stringify(expected))
