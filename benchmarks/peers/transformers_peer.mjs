// @huggingface/transformers on a folder and texts: transformers_peer.mjs MODEL_FOLDER TEXTS.json. Answers each line {"batch": N, "sorted": BOOLEAN}
// with the seconds that all texts took and the first text's vector. Sorted: by length, before the clock begins, as its users could by hand.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { createRequire } from 'node:module';
import { env, pipeline } from '@huggingface/transformers';

const [folder, file] = process.argv.slice(2);
const { version } = JSON.parse(fs.readFileSync(path.join(path.dirname(createRequire(import.meta.url).resolve('@huggingface/transformers')), '../package.json')));
env.allowRemoteModels = false;
env.localModelPath = path.dirname(folder);
const extract = await pipeline('feature-extraction', path.basename(folder), { dtype: 'fp32' });
const texts = JSON.parse(fs.readFileSync(file));
const inOrder = [...texts].sort((a, b) => b.length - a.length);

async function run(all, batch) {
  for (let at = 0; at < all.length; at += batch) await (await extract(all.slice(at, at + batch), { pooling: 'mean', normalize: false })).data;
}

await run(texts.slice(0, 64), 8);
const first = (await extract([texts[0]], { pooling: 'mean', normalize: false })).tolist()[0];
console.log(JSON.stringify({ system: `@huggingface/transformers ${version}` }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { batch, sorted } = JSON.parse(line), began = performance.now();
  await run(sorted ? inOrder : texts, batch);
  console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, first }));
}
