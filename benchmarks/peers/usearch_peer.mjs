// usearch of npm: f32|bf16|f16|i8, then what README.md says. Its ef is fixed when an index is made, so each search opens the file again.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import readline from 'node:readline';

const usearch = createRequire(import.meta.url)('usearch');
const [kind, basePath, queryPath, m, efc, threads, folder] = process.argv.slice(2);
const K = 10;
const file = `${folder}/usearch-${kind}.index`;

function read(path) {
  const handle = fs.openSync(path);
  const head = Buffer.alloc(4);
  fs.readSync(handle, head, 0, 4, 0);
  const width = head.readInt32LE(0), stride = 4 * (width + 1), count = fs.fstatSync(handle).size / stride;
  const values = new Float32Array(count * width), step = 20000, buffer = Buffer.alloc(step * stride);
  for (let from = 0; from < count; from += step) {
    const rows = Math.min(step, count - from);
    fs.readSync(handle, buffer, 0, rows * stride, from * stride);
    for (let r = 0; r < rows; r++) values.set(new Float32Array(buffer.buffer, buffer.byteOffset + r * stride + 4, width), (from + r) * width);
  }
  fs.closeSync(handle);
  return { width, count, values };
}

const seconds = () => performance.now() / 1e3;
const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
const answer = row => console.log(JSON.stringify(row));
const base = read(basePath), queries = read(queryPath);
const single = [...Array(queries.count).keys()].map(i => queries.values.slice(i * queries.width, (i + 1) * queries.width));
const make = ef => new usearch.Index({
  dimensions: base.width, metric: 'ip', quantization: kind, connectivity: +m, expansion_add: +efc, expansion_search: ef,
});
let index;
answer({ system: `usearch ${kind}` });
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [verb, ef, target] = line.split(' ');
  if (verb === 'build') {
    const keys = BigUint64Array.from({ length: base.count }, (_, i) => BigInt(i)), memory = process.memoryUsage.rss();
    let began = seconds();
    const used = cpu();
    index = make(64);
    index.add(keys, base.values, +threads);
    const row = { build_s: seconds() - began, build_cpu_s: cpu() - used, rss_delta_mb: (process.memoryUsage.rss() - memory) / 2 ** 20 };
    began = seconds();
    index.save(file);
    row.save_s = seconds() - began;
    row.index_bytes = fs.statSync(file).size;
    began = seconds();
    index = make(64);
    index.load(file);
    row.load_s = seconds() - began;
    answer(row);
  } else {
    index = make(+ef);
    index.load(file);
    index.search(queries.values, K, 1);
    let began = seconds(), used = cpu();
    const found = index.search(queries.values, K, 1).keys;
    const n = queries.count, row = { qps_1t: n / (seconds() - began), qps_1t_cpu: n / (cpu() - used) };
    const times = single.map(query => { const at = seconds(); index.search(query, K, 1); return seconds() - at; }).sort((a, b) => a - b);
    row.p50_us = times[n >> 1] * 1e6;
    row.p99_us = times[Math.floor(n * 0.99)] * 1e6;
    [began, used] = [seconds(), cpu()];
    index.search(queries.values, K, +threads);
    row.qps_mt = n / (seconds() - began);
    row.qps_mt_cpu = threads * n / (cpu() - used);
    fs.writeFileSync(target, Buffer.from(Int32Array.from(found, Number).buffer));
    answer(row);
  }
}
fs.rmSync(file, { force: true });
