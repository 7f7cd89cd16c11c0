// Bundles the page into Page/: two scripts (the page, and the frame that holds the map) and the style sheet, with the licenses of what they contain.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync, copyFileSync } from 'node:fs';
import { build } from 'esbuild';

const output = process.argv[2] ?? '../Page';
mkdirSync(output, { recursive: true });
const { metafile, outputFiles } = await build({
  entryPoints: ['src/page.jsx', 'src/frame.js', 'src/page.css', 'src/frame.css'],
  outdir: output,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'ascii',
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  metafile: true,
  write: false,
});

const folders = new Set(Object.keys(metafile.inputs)
  .map((input) => input.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean));
const notices = [...folders].sort().map((folder) => {
  const { name, version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : author?.name ?? author ?? ''}`;
});
const banner = `/*\nThe page of Sextant (Apache-2.0), with:\n\n${notices.join('\n\n----\n\n').replaceAll('*/', '* /')}\n*/\n`;
for (const file of outputFiles) {
  const name = file.path.split(/[\\/]/).at(-1);
  writeFileSync(`${output}/${name}`, (name === 'page.js' ? banner : '') + file.text);
}
for (const name of ['index.html', 'frame.html', 'icon.svg']) copyFileSync(`src/${name}`, `${output}/${name}`);
