// The life of a vector store by OpenAI's own client, unchanged but for its base address. Prints the name of each check that holds; the
// first that does not ends it.
import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';

const client = new OpenAI({ baseURL: `${process.argv[2]}v1`, apiKey: process.argv[3] ?? 'unused', maxRetries: 0 });
const refused = (status, part) => (error) => error instanceof OpenAI.APIError && error.status === status && (!part || error.message.includes(part));
const upload = async (name, text) => client.files.create({ file: await toFile(Buffer.from(text), name), purpose: 'assistants' });
const poll = { pollIntervalMs: 50 };
let refunds, hours, broken, store;

const checks = {
  async 'files are uploaded, listed and read'() {
    refunds = await upload('refunds.md', '# Refunds\n\nThe purchase price is refunded within a week.\n\n# Shipping\n\nParcels leave on Mondays.\n');
    hours = await upload('hours.txt', 'We open at nine in the morning.');
    broken = await upload('broken.pdf', 'this is no PDF');
    assert.deepEqual([refunds.object, refunds.filename, refunds.status, refunds.purpose], ['file', 'refunds.md', 'processed', 'assistants']);
    const names = [];
    for await (const file of client.files.list({ purpose: 'assistants', limit: 1 })) names.push(file.filename);
    assert.deepEqual(names.sort(), ['broken.pdf', 'hours.txt', 'refunds.md']);
    assert.equal((await client.files.retrieve(hours.id)).bytes, 31);
    assert.equal(await (await client.files.content(hours.id)).text(), 'We open at nine in the morning.');
  },
  async 'a store is made with files'() {
    store = await client.vectorStores.create({ name: 'Support', file_ids: [hours.id], metadata: { team: 'a' }, expires_after: { anchor: 'last_active_at', days: 7 } });
    assert.equal(store.object, 'vector_store');
    assert.equal(store.expires_at - store.last_active_at, 7 * 86400);
    assert.equal((await client.vectorStores.update(store.id, { name: 'Help' })).name, 'Help');
    const stores = [];
    for await (const one of client.vectorStores.list()) stores.push(one.id);
    assert.deepEqual(stores, [store.id]);
  },
  async 'a file is attached with attributes and waited for'() {
    const attached = await client.vectorStores.files.createAndPoll(store.id, { file_id: refunds.id, attributes: { topic: 'money', year: 2026, open: true } }, poll);
    assert.deepEqual([attached.status, attached.last_error, attached.attributes.topic], ['completed', null, 'money']);
    assert.ok(attached.usage_bytes > 0);
    const parts = await client.vectorStores.files.content(refunds.id, { vector_store_id: store.id });
    assert.ok(parts.data.some((part) => part.text.includes('refunded')));
  },
  async 'a batch counts what is done and what failed'() {
    const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [hours.id, broken.id] }, poll);
    assert.deepEqual([batch.file_counts.completed, batch.file_counts.failed, batch.file_counts.total], [1, 1, 2]);
    const failed = [];
    for await (const file of client.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store.id, filter: 'failed' })) failed.push(file);
    assert.deepEqual(failed.map((file) => [file.id, file.last_error.code]), [[broken.id, 'invalid_file']]);
    assert.ok(failed[0].last_error.message.startsWith('broken.pdf'), failed[0].last_error.message);
  },
  async 'search finds parts, and filters by attributes'() {
    const found = await client.vectorStores.search(store.id, { query: 'how do I get my money back' });
    assert.equal(found.data[0].file_id, refunds.id);
    assert.equal(found.data[0].filename, 'refunds.md');
    assert.ok(found.data[0].content[0].text.includes('refunded'));
    assert.ok(found.data.some((hit) => hit.file_id === hours.id));
    for (const filters of [
      { type: 'eq', key: 'topic', value: 'money' },
      { type: 'and', filters: [{ type: 'gte', key: 'year', value: 2026 }, { type: 'ne', key: 'open', value: false }] },
      { type: 'or', filters: [{ type: 'in', key: 'topic', value: ['money', 'time'] }, { type: 'lt', key: 'year', value: 0 }] },
    ]) {
      const filtered = await client.vectorStores.search(store.id, { query: 'when', filters, max_num_results: 50 });
      assert.ok(filtered.data.length > 0 && filtered.data.every((hit) => hit.file_id === refunds.id), JSON.stringify(filters));
    }
    const none = await client.vectorStores.search(store.id, { query: 'when', filters: { type: 'eq', key: 'topic', value: 'x' } });
    assert.deepEqual(none.data, []);
    const best = await client.vectorStores.search(store.id, { query: ['money back', 'opening hours'], max_num_results: 2 });
    assert.deepEqual(best.data.map((hit) => hit.file_id).sort(), [refunds.id, hours.id].sort());
    const strict = await client.vectorStores.search(store.id, { query: 'money back', ranking_options: { score_threshold: 0.99 } });
    assert.deepEqual(strict.data, []);
  },
  async 'attributes change without another reading'() {
    await client.vectorStores.files.update(refunds.id, { vector_store_id: store.id, attributes: { topic: 'returns' } });
    const found = await client.vectorStores.search(store.id, { query: 'money', filters: { type: 'eq', key: 'topic', value: 'returns' } });
    assert.equal(found.data[0].attributes.topic, 'returns');
  },
  async 'errors'() {
    await assert.rejects(client.vectorStores.retrieve('vs_missing'), refused(404, 'vs_missing'));
    await assert.rejects(client.vectorStores.files.create(store.id, { file_id: 'file-missing' }), refused(404, 'file-missing'));
    await assert.rejects(client.vectorStores.search(store.id, { query: 'a', rewrite_query: true }), refused(400, 'rewrite_query'));
    await assert.rejects(client.vectorStores.search(store.id, { query: 'a', filters: { type: 'like', key: 'a', value: 'b' } }), refused(400, 'filters.type'));
    await assert.rejects(client.vectorStores.search(store.id, { query: 'a', max_num_results: 51 }), refused(400, 'max_num_results'));
    await assert.rejects(client.vectorStores.create({ expires_after: { anchor: 'last_active_at', days: 0 } }), refused(400, 'days'));
  },
  async 'what is deleted is not found'() {
    await client.vectorStores.files.delete(hours.id, { vector_store_id: store.id });
    const found = await client.vectorStores.search(store.id, { query: 'opening hours', max_num_results: 50 });
    assert.ok(found.data.every((hit) => hit.file_id === refunds.id));
    assert.equal((await client.files.delete(refunds.id)).deleted, true);
    assert.deepEqual((await client.vectorStores.search(store.id, { query: 'money' })).data, []);
    assert.equal((await client.vectorStores.delete(store.id)).deleted, true);
    await assert.rejects(client.vectorStores.retrieve(store.id), refused(404));
    for (const file of [hours, broken]) await client.files.delete(file.id);
    assert.deepEqual((await client.files.list()).data, []);
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(name);
}
