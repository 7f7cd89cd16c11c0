// OpenAI's own client, unchanged but for its base address. Prints the name of each check that holds; the first that does not ends it.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: `${process.argv[2]}v1`, apiKey: 'unused', maxRetries: 0 });
const model = 'sextant-small';
const embed = (input, more) => client.embeddings.create({ model, input, ...more });
const refused = (status, code) => (error) => error instanceof OpenAI.APIError && error.status === status && error.code === code && error.message.length > 10;
const near = (a, b) => a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) < 1e-6);

const checks = {
  async 'a text'() {
    const { data, object, model: named, usage } = await embed('how do refunds work');
    assert.equal(object, 'list');
    assert.equal(named, model);
    assert.deepEqual(data.map((one) => [one.object, one.index, one.embedding.length]), [['embedding', 0, 256]]);
    assert.ok(Math.abs(Math.hypot(...data[0].embedding) - 1) < 1e-4);
    assert.ok(usage.prompt_tokens > 2 && usage.total_tokens === usage.prompt_tokens);
  },
  async 'float and base64 are the same numbers'() {
    // Asked for nothing, this client asks for base64 and decodes it.
    const [plain, floats, base64] = await Promise.all([embed('opening hours'), embed('opening hours', { encoding_format: 'float' }), embed('opening hours', { encoding_format: 'base64' })]);
    assert.ok(near(plain.data[0].embedding, floats.data[0].embedding));
    const bytes = Buffer.from(base64.data[0].embedding, 'base64');
    assert.ok(near([...new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)], floats.data[0].embedding));
  },
  async 'a batch in its order'() {
    const { data } = await embed(['one', 'two', 'one']);
    assert.deepEqual(data.map((one) => one.index), [0, 1, 2]);
    assert.deepEqual(data[0].embedding, data[2].embedding);
    assert.notDeepEqual(data[0].embedding, data[1].embedding);
  },
  async 'tokens stand for their text'() {
    // "hello world" in cl100k_base.
    const [tokens, lists, text] = await Promise.all([embed([15339, 1917]), embed([[15339, 1917], [15339]]), embed('hello world')]);
    assert.deepEqual(tokens.data[0].embedding, text.data[0].embedding);
    assert.deepEqual(lists.data[0].embedding, text.data[0].embedding);
    assert.equal(lists.data.length, 2);
  },
  async 'fewer dimensions'() {
    assert.equal((await embed('hello', { dimensions: 64 })).data[0].embedding.length, 64);
  },
  async 'models'() {
    const names = [];
    for await (const one of client.models.list()) names.push(one.id);
    assert.deepEqual(names, [model]);
    assert.equal((await client.models.retrieve(model)).object, 'model');
  },
  async 'errors'() {
    await assert.rejects(client.embeddings.create({ model: 'nobody', input: 'a' }), refused(404, 'model_not_found'));
    await assert.rejects(embed(''), refused(400, null));
    await assert.rejects(embed([]), refused(400, null));
    await assert.rejects(embed('a', { dimensions: 4096 }), refused(400, null));
    await assert.rejects(embed('a', { encoding_format: 'hex' }), refused(400, null));
    await assert.rejects(embed(Array(3000).fill('a')), refused(400, 'batch_too_large'));
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(name);
}
