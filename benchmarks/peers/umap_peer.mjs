// umap-js behind the protocol of README.md ("umap"), with cosine distance and a seeded generator (mulberry32).
import fs from 'node:fs';
import readline from 'node:readline';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { UMAP } = require('umap-js');

function read(path) {
  const bytes = fs.readFileSync(path);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const width = bytes.readInt32LE(0), rows = [];
  for (let at = 0; at < values.length; at += width + 1) rows.push(Array.from(values.subarray(at + 1, at + 1 + width)));
  return rows;
}

function write(path, rows) {
  const bytes = Buffer.alloc(rows.length * 12);
  rows.forEach(([x, y], i) => {
    bytes.writeInt32LE(2, i * 12);
    bytes.writeFloatLE(x, i * 12 + 4);
    bytes.writeFloatLE(y, i * 12 + 8);
  });
  fs.writeFileSync(path, bytes);
}

function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function cosine(x, y) {
  let dot = 0, a = 0, b = 0;
  for (let i = 0; i < x.length; i++) {
    dot += x[i] * y[i];
    a += x[i] * x[i];
    b += y[i] * y[i];
  }
  return a && b ? 1 - dot / Math.sqrt(a * b) : a || b ? 1 : 0;
}

console.log(JSON.stringify({ system: 'umap-js ' + require('umap-js/package.json').version }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [source, target] = line.split('\t');
  const rows = read(source), began = performance.now(), used = process.cpuUsage();
  const layout = new UMAP({ nNeighbors: 15, minDist: 0.1, nComponents: 2, distanceFn: cosine, random: mulberry32(42) }).fit(rows);
  const { user, system } = process.cpuUsage(used);
  const answer = { wall_s: (performance.now() - began) / 1e3, cpu_s: (user + system) / 1e6, peak_rss_mb: process.resourceUsage().maxRSS / 1024 };
  write(target, layout);
  console.log(JSON.stringify(answer));
}
