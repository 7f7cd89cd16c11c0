// Cohere's own client, unchanged but for its base address. Prints the name of each check that holds; the first that does not ends it.
import assert from 'node:assert/strict';
import { CohereClient, CohereClientV2, CohereError } from 'cohere-ai';

const settings = { environment: process.argv[2].replace(/\/$/, ''), token: process.argv[3], maxRetries: 0 };
const first = new CohereClient(settings), second = new CohereClientV2(settings);
const documents = ['zebra zebra red', 'blue cafe', 'blue green', 'blue'];

const checks = {
  async 'v1 orders texts'() {
    const { id, results } = await first.rerank({ model: 'colors', query: 'blue', documents });
    assert.ok(id.length > 0);
    assert.deepEqual(results.map((one) => one.index), [3, 2, 1, 0]);
    assert.ok(Math.abs(results[1].relevanceScore - 0.8) < 1e-6);
  },
  async 'v1 returns documents'() {
    const { results } = await first.rerank({ model: 'colors', query: 'blue', documents: documents.map((text) => ({ text })), topN: 2, returnDocuments: true });
    assert.deepEqual(results.map((one) => one.document.text), ['blue', 'blue green']);
  },
  async 'v2 orders texts'() {
    const { results } = await second.rerank({ model: 'colors', query: 'blue', documents, topN: 1 });
    assert.deepEqual(results.map((one) => one.index), [3]);
  },
  async 'errors'() {
    await assert.rejects(second.rerank({ model: 'nobody', query: 'blue', documents }), (error) => error instanceof CohereError && error.statusCode === 404);
    await assert.rejects(second.rerank({ model: 'colors', query: 'blue', documents: [] }), (error) => error instanceof CohereError && error.statusCode === 400);
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(name);
}
