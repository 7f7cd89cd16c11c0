// A model's graph and vocabulary as @huggingface/transformers runs them. What the files leave out is stated here, from the models' cards.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { env, pipeline } from '@huggingface/transformers';

export const models = {
  'all-MiniLM-L6-v2': { pooling: 'mean', maxTokens: 256, queryPrompt: '' },
  'snowflake-arctic-embed-xs': { pooling: 'cls', maxTokens: 512, queryPrompt: 'Represent this sentence for searching relevant passages: ' },
};

// Returns a function from a text to its normalized vector. Texts run one at a time, so that no padding takes part.
export async function open(name, folder) {
  const { pooling, maxTokens } = models[name];
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'sextant-reference-'));
  try {
    const target = path.join(work, name);
    fs.mkdirSync(path.join(target, 'onnx'), { recursive: true });
    fs.symlinkSync(path.resolve(folder, 'model.onnx'), path.join(target, 'onnx', 'model.onnx'));
    const write = (file, json) => fs.writeFileSync(path.join(target, file), JSON.stringify(json));
    write('config.json', { model_type: 'bert', hidden_size: 384 });
    write('tokenizer.json', tokenizer(fs.readFileSync(path.join(folder, 'vocab.txt'), 'utf8')));
    write('tokenizer_config.json', { tokenizer_class: 'BertTokenizer', do_lower_case: true, model_max_length: maxTokens });
    env.allowRemoteModels = false;
    env.localModelPath = work;
    const extract = await pipeline('feature-extraction', name, { dtype: 'fp32' });
    return async text => (await extract([text], { pooling, normalize: true })).data;
  } finally {
    fs.rmSync(work, { recursive: true });
  }
}

// The uncased BERT tokenizer of a vocabulary.
function tokenizer(lines) {
  const vocab = Object.fromEntries(lines.split('\n').map(line => line.replace(/\r$/, '')).filter(line => line !== '').map((token, id) => [token, id]));
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const [cls, sep] = [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { SpecialToken: { id: '[SEP]', type_id: 0 } }];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map(content => ({ id: vocab[content], content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [cls, { Sequence: { id: 'A', type_id: 0 } }, sep],
      pair: [cls, { Sequence: { id: 'A', type_id: 0 } }, sep, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: Object.fromEntries(['[CLS]', '[SEP]'].map(id => [id, { id, ids: [vocab[id]], tokens: [id] }])),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
  };
}
