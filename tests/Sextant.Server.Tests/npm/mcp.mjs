// The protocol's own client, which checks every answer against the schema that the tool names. Arguments: the collection, then an address,
// or a command with its arguments. Prints the name of each check that holds; the first that does not ends it.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [collection, target, ...args] = process.argv.slice(2);
const transport = target.startsWith('http')
  ? new StreamableHTTPClientTransport(new URL('mcp', target))
  : new StdioClientTransport({ command: target, args, env: process.env, stderr: 'ignore' });
const mayWrite = args.includes('--allow-writes');
const client = new Client({ name: 'test', version: '1.0.0' });
await client.connect(transport);

// What a tool answers, once as text and once as an object that its schema describes: both must say the same.
async function call(name, given) {
  const result = await client.callTool({ name, arguments: given });
  assert.ok(!result.isError, JSON.stringify(result));
  assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
  return result.structuredContent;
}

async function refused(name, given, words) {
  const result = await client.callTool({ name, arguments: given });
  assert.equal(result.isError, true, JSON.stringify(result));
  assert.match(result.content[0].text, words);
}

const checks = {
  async 'tools are listed with schemas'() {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((tool) => tool.name).sort(),
      [...(mayWrite ? ['add_documents'] : []), 'get_document', 'list_collections', 'list_documents', 'search', 'similar']);
    for (const tool of tools) {
      assert.equal(tool.outputSchema.type, 'object', tool.name);
      assert.equal(tool.annotations.readOnlyHint, tool.name !== 'add_documents', tool.name);
    }
  },
  async list_collections() {
    const { collections, rerankers } = await call('list_collections', {});
    assert.deepEqual(rerankers, ['sextant-small']);
    const own = collections.find((one) => one.name === collection);
    assert.deepEqual(own, { name: collection, documents: 3, model: 'sextant-small' });
  },
  async search() {
    const { results } = await call('search', { collection, query: 'money back', k: 1 });
    assert.equal(results.length, 1);
    assert.equal(results[0].id, 'refund');
    assert.deepEqual(results[0].metadata, { topic: 'money', tags: ['a', null], nested: { deep: { n: 1.5 } } });
  },
  async 'search with everything'() {
    const { results } = await call('search', { collection, query: 'nine', k: 10, filter: "topic = 'hours'", hybrid: true });
    assert.deepEqual(results.map((one) => one.id), ['hours/shop 1']);
    assert.deepEqual((await call('search', { collection, query: 'nine', filter: null })).results.length, 3);
  },
  async 'search by meaning, words or both'() {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.find((tool) => tool.name === 'search').inputSchema.properties.mode.enum, ['semantic', 'keyword', 'hybrid']);
    assert.deepEqual((await call('search', { collection, query: 'nine oclock', mode: 'keyword' })).results.map((one) => one.id), ['hours/shop 1']);
    assert.equal((await call('search', { collection, query: 'nine', mode: 'semantic' })).results.length, 3);
    assert.equal((await call('search', { collection, query: 'nine', mode: 'hybrid' })).results[0].id, 'hours/shop 1');
  },
  async 'search ordered by a reranker'() {
    const found = await call('search', { collection, query: 'money back', rerank: 'sextant-small', candidates: 3 });
    assert.deepEqual([found.rerank, found.score_kind, found.results[0].id], ['sextant-small', 'cosine', 'refund']);
  },
  async 'notes say why nothing is found'() {
    const { results, notes } = await call('search', { collection, query: 'nine', filter: "topik = 'hours'" });
    assert.deepEqual([results, notes], [[], ["no document has the field 'topik'; did you mean 'topic'?"]]);
  },
  async similar() {
    const { results } = await call('similar', { collection, id: 'refund', k: 2 });
    assert.equal(results.length, 2);
    assert.ok(results.every((one) => one.id !== 'refund'));
  },
  async get_document() {
    assert.deepEqual(await call('get_document', { collection, id: 'refund' }),
      { id: 'refund', text: 'The purchase price is refunded in a week.', metadata: { topic: 'money', tags: ['a', null], nested: { deep: { n: 1.5 } } } });
    assert.deepEqual(await call('get_document', { collection, id: 'bare' }), { id: 'bare', text: 'A text alone.', metadata: {} });
  },
  async 'list_documents page by page'() {
    const { documents, next_cursor: cursor } = await call('list_documents', { collection, limit: 2 });
    const last = await call('list_documents', { collection, limit: 2, cursor });
    assert.deepEqual([documents.length, last.documents.length, last.next_cursor], [2, 1, undefined]);
    assert.deepEqual([...documents, ...last.documents].map((one) => one.id).sort(), ['bare', 'hours/shop 1', 'refund']);
    assert.deepEqual((await call('list_documents', { collection, filter: "topic = 'hours'" })).documents.map((one) => one.id), ['hours/shop 1']);
    await refused('list_documents', { collection, cursor: 'nothing' }, /cursor/);
    await refused('list_documents', { collection, limit: 0 }, /'limit' must be from 1 to 100/);
  },
  async 'search continues at an offset'() {
    const all = await call('search', { collection, query: 'money', k: 3 });
    const rest = await call('search', { collection, query: 'money', k: 2, offset: 1 });
    assert.deepEqual(rest.results.map((one) => one.id), all.results.slice(1).map((one) => one.id));
  },
  async 'resources are listed and read'() {
    const { resources } = await client.listResources();
    const { uri } = resources.find((one) => one.name === collection);
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.deepEqual(resourceTemplates.map((one) => one.uriTemplate), ['sextant://collections/{collection}', 'sextant://collections/{collection}/documents/{id}']);
    const described = JSON.parse((await client.readResource({ uri })).contents[0].text);
    assert.deepEqual([described.name, described.documents, described.model], [collection, 3, 'sextant-small']);
    const { contents } = await client.readResource({ uri: `${uri}/documents/${encodeURIComponent('hours/shop 1')}` });
    assert.deepEqual([contents[0].mimeType, contents[0].text], ['text/plain', 'We open at nine.']);
    assert.deepEqual((await client.readResource({ uri: `${uri}/documents/refund` })).contents[0]._meta.metadata.topic, 'money');
    await assert.rejects(client.readResource({ uri: `${uri}/documents/none` }), /No document 'none'/);
    await assert.rejects(client.readResource({ uri: 'sextant://collections/nowhere' }), /no collection 'nowhere'/);
    await assert.rejects(client.readResource({ uri: 'file:///etc/passwd' }), /no resource 'file:/);
    await assert.rejects(client.listResources({ cursor: '***' }), /cursor is malformed/);
  },
  async 'prompts contain the passages'() {
    const { prompts } = await client.listPrompts();
    assert.deepEqual(prompts.map((one) => [one.name, one.arguments.map((argument) => argument.name)]).sort(),
      [['answer', ['collection', 'question']], ['explore', ['collection']]]);
    const { messages } = await client.getPrompt({ name: 'answer', arguments: { collection, question: 'when is money refunded' } });
    assert.match(messages[0].content.resource.uri, /documents\/refund$/);
    assert.match(messages.at(-1).content.text, /Question: when is money refunded/);
    assert.match((await client.getPrompt({ name: 'explore', arguments: { collection } })).messages[0].content.text, /has 3 documents/);
    await assert.rejects(client.getPrompt({ name: 'answer', arguments: { collection } }), /'question' is missing/);
    await assert.rejects(client.getPrompt({ name: 'explore', arguments: { collection, depth: '3' } }), /unknown argument 'depth'/);
    await assert.rejects(client.getPrompt({ name: 'explore', arguments: { collection: 'nowhere' } }), /no collection 'nowhere'/);
  },
  async 'names of collections are completed'() {
    const complete = (ref, name, value) => client.complete({ ref, argument: { name, value } });
    const { completion } = await complete({ type: 'ref/prompt', name: 'answer' }, 'collection', collection.slice(0, -1));
    assert.ok(completion.values.includes(collection));
    assert.deepEqual((await complete({ type: 'ref/prompt', name: 'answer' }, 'question', 'a')).completion.values, []);
    assert.ok((await complete({ type: 'ref/resource', uri: 'sextant://collections/{collection}' }, 'collection', '')).completion.values.length > 0);
  },
  async 'errors say what is wrong'() {
    await refused('search', { collection: 'nowhere', query: 'a' }, /no collection 'nowhere'/);
    await refused('search', { collection }, /'query' is missing/);
    await refused('search', { collection, query: 5 }, /'query' must be a string, not 5/);
    await refused('search', { collection, query: 'a', k: 'ten' }, /'k' must be an integer/);
    await refused('search', { collection, query: 'a', k: 1.5 }, /'k' must be an integer, not 1.5/);
    await refused('search', { collection, query: 'a', k: 0 }, /'k' must be at least 1/);
    await refused('search', { collection, query: 'a', hybrid: 'yes' }, /'hybrid' must be a boolean/);
    await refused('search', { collection, query: 'a', top_k: 3 }, /unknown argument 'top_k'; this tool takes collection, query, k, offset, filter, mode, hybrid, rerank, candidates/);
    await refused('search', { collection, query: 'a', rerank: 'nobody' }, /`nobody` does not exist/);
    await refused('search', { collection, query: 'a', candidates: 3 }, /name one with 'rerank'/);
    await refused('search', { collection, query: 'a', mode: 'words' }, /'words' is not one of \['semantic', 'keyword', 'hybrid'\]/);
    await refused('search', { collection, query: 'a', mode: 'keyword', hybrid: true }, /'mode' is 'keyword' and 'hybrid' is true/);
    await refused('search', { collection, query: 'a', filter: "topic = 'a" }, /quote/);
    await refused('search', { collection, query: '' }, /query is empty/);
    await refused('similar', { collection, id: 'none' }, /No document 'none'/);
    await refused('get_document', { collection, id: 'none' }, /No document 'none'/);
    await refused('get_document', { collection }, /'id' is missing/);
    await refused('list_collections', { all: true }, /unknown argument 'all'; this tool takes cursor/);
    await assert.rejects(client.callTool({ name: 'search', arguments: { collection, query: '\ud800' } }), /half of a surrogate pair/);
    await assert.rejects(client.callTool({ name: 'delete_collection', arguments: { collection } }), /delete_collection/);
  },
};

if (mayWrite) {
  checks['documents are added and replaced'] = async () => {
    const documents = [{ text: 'Parcels are sent by train.', id: 'parcel', metadata: { topic: 'shipping' } }, { text: 'Another text.' }];
    assert.deepEqual((await call('add_documents', { collection, documents })).added, 2);
    assert.deepEqual((await call('get_document', { collection, id: 'parcel' })).metadata, { topic: 'shipping' });
    const again = await call('add_documents', { collection, documents: [{ text: 'Parcels are sent by bike.', id: 'parcel' }, documents[1]] });
    assert.deepEqual([again.added, again.updated, again.unchanged, again.ids[0]], [0, 1, 1, 'parcel']);
    await refused('add_documents', { collection, documents: [] }, /'documents' is empty/);
    await refused('add_documents', { collection, documents: [{ id: 'a' }] }, /'documents\[0\].text' is missing/);
    await refused('add_documents', { collection, documents: [{ text: 'a' }, { text: 5 }] }, /'documents\[1\].text' must be a string, not 5/);
    await refused('add_documents', { collection, documents: [{ text: 'a', meta: {} }] }, /unknown argument 'documents\[0\].meta'/);
    await refused('add_documents', { collection, documents: [{ text: 'a', metadata: 'b' }] }, /'documents\[0\].metadata' must be/);
    await refused('add_documents', { collection, documents: ['a'] }, /'documents\[0\]' must be/);
    await refused('add_documents', { collection, documents: 'a' }, /'documents' must be an array/);
    await refused('add_documents', { collection: 'nowhere', documents: [{ text: 'a' }] }, /no collection 'nowhere'/);
  };
}

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(name);
}
await client.close();
