// Bundles the map into one script and puts the licenses of everything bundled at its head, so that every page carries them.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const output = process.argv[2] ?? '../Maps/map.js';
const { metafile, outputFiles } = await build({
  entryPoints: ['src/index.js'],
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'SextantMap',
  target: 'es2022',
  charset: 'ascii',
  legalComments: 'none',
  loader: { '.css': 'text' },
  metafile: true,
  write: false,
});

const folders = new Set(Object.keys(metafile.inputs)
  .map((input) => input.match(/^node_modules\/(?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*/)?.[0]).filter(Boolean));
const notices = [...folders].sort().map((folder) => {
  const { name, version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : `${license}, ${author?.name ?? author ?? ''}`;
  return `${name} ${version} (${license})\n\n${text}`;
});
const banner = `/*\nThe map of Sextant (Apache-2.0), with:\n\n${notices.join('\n\n----\n\n').replaceAll('*/', '* /')}\n*/\n`;
// A script inside of a page ends at the first closing tag, wherever it stands.
writeFileSync(output, (banner + outputFiles[0].text).replaceAll('</script', '<\\/script'));
