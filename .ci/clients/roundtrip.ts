// A whole life of a collection by a client that was generated. Usage: node roundtrip.js ADDRESS
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';

declare const process: { argv: string[] };

const client = createClient<paths>({ baseUrl: process.argv[2] });
const collection = { path: { name: 'typescript' } };

function require<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

require(await client.PUT('/v1/collections/{name}', { params: collection }));
const documents = [
  { id: 'refund', text: 'The purchase price is refunded in a week.', metadata: { topic: 'money' } },
  { id: 'hours', text: 'We open at nine.', metadata: { topic: 'hours' } },
];
require(await client.POST('/v1/collections/{name}/documents', { params: collection, body: { documents } }));
const found = require(await client.POST('/v1/collections/{name}/search', { params: collection, body: { query: 'money back', k: 1 } }));
if (found.results[0]?.id !== 'refund') throw new Error(`found ${JSON.stringify(found)}`);
const ordered = require(await client.POST('/v1/rerank', { body: { model: 'sextant-small', query: 'money back', documents: documents.map((one) => one.text) } }));
if (ordered.results[0]?.index !== 0) throw new Error(`ordered ${JSON.stringify(ordered)}`);
const missing = await client.GET('/v1/collections/{name}', { params: { path: { name: 'missing' } } });
if (missing.error?.error.code !== 'collection_not_found') throw new Error(`no error: ${JSON.stringify(missing)}`);
await client.DELETE('/v1/collections/{name}', { params: collection });
console.log('TypeScript: ok');
