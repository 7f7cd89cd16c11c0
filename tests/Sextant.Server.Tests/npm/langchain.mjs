// LangChain's embeddings, unchanged but for the base address. Prints the name of each check that holds; the first that does not ends it.
import assert from 'node:assert/strict';
import { OpenAIEmbeddings } from '@langchain/openai';

const make = (more) => new OpenAIEmbeddings({
  model: 'sextant-small', apiKey: 'unused', maxRetries: 0, batchSize: 4, configuration: { baseURL: `${process.argv[2]}v1` }, ...more,
});
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

const checks = {
  async 'a query'() {
    const vector = await make().embedQuery('how do refunds work');
    assert.equal(vector.length, 256);
    assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-4);
  },
  async 'documents in several requests keep their order'() {
    const texts = Array.from({ length: 11 }, (_, i) => `text number ${i}`);
    const vectors = await make().embedDocuments(texts);
    assert.equal(vectors.length, 11);
    for (const i of [0, 4, 10]) assert.ok(dot(vectors[i], await make().embedQuery(texts[i])) > 0.9999);
  },
  async 'fewer dimensions'() {
    assert.equal((await make({ dimensions: 64 }).embedQuery('hello')).length, 64);
  },
  async 'line breaks are as LangChain leaves them'() {
    assert.equal((await make({ stripNewLines: false }).embedQuery('two\nlines')).length, 256);
  },
  async 'errors'() {
    await assert.rejects(make({ model: 'nobody' }).embedQuery('a'), (error) => error.status === 404 && /nobody/.test(error.message));
    await assert.rejects(make().embedQuery(''), (error) => error.status === 400);
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(name);
}
