// vectors.mjs MODEL FOLDER TEXTS.json OUT: writes the vectors of all texts as float32, one after another.
import fs from 'node:fs';
import { open } from './reference.mjs';

const [name, folder, texts, out] = process.argv.slice(2);
const embed = await open(name, folder);
const file = fs.openSync(out, 'w');
for (const text of JSON.parse(fs.readFileSync(texts, 'utf8'))) fs.writeSync(file, new Uint8Array(Float32Array.from(await embed(text)).buffer));
fs.closeSync(file);
