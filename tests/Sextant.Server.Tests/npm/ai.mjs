// The AI SDK with its provider for OpenAI, unchanged but for the base address. Prints the name of each check that holds; the first that does
// not ends it.
import assert from 'node:assert/strict';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, cosineSimilarity, embed, embedMany } from 'ai';

const provider = createOpenAI({ baseURL: `${process.argv[2]}v1`, apiKey: 'unused' });
const model = provider.textEmbeddingModel('sextant-small');
const refused = (status, words) => (error) => APICallError.isInstance(error) && error.statusCode === status && words.test(error.message) && !error.isRetryable;

const checks = {
  async 'a text'() {
    const { embedding, usage } = await embed({ model, value: 'how do refunds work' });
    assert.equal(embedding.length, 256);
    assert.ok(usage.tokens > 2);
  },
  async 'many texts keep their order'() {
    const values = Array.from({ length: 30 }, (_, i) => `text number ${i}`);
    const { embeddings } = await embedMany({ model, values });
    assert.equal(embeddings.length, 30);
    for (const i of [0, 17, 29]) assert.ok(cosineSimilarity(embeddings[i], (await embed({ model, value: values[i] })).embedding) > 0.9999);
  },
  async 'what is near in meaning is near'() {
    const { embeddings: [ask, refund, hours] } = await embedMany({ model, values: ['money back', 'the price is refunded', 'we open at nine'] });
    assert.ok(cosineSimilarity(ask, refund) > cosineSimilarity(ask, hours));
  },
  async 'fewer dimensions'() {
    const { embedding } = await embed({ model, value: 'hello', providerOptions: { openai: { dimensions: 64 } } });
    assert.equal(embedding.length, 64);
  },
  async 'errors'() {
    await assert.rejects(embed({ model: provider.textEmbeddingModel('nobody'), value: 'a' }), refused(404, /nobody/));
    await assert.rejects(embed({ model, value: '' }), refused(400, /empty/));
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(name);
}
