// Every call a user of the official client makes, against the base URL given as argument.
import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';

const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'sk-any', maxRetries: 0 });
const messages = [{ role: 'user', content: 'Say hello, ünïcode ✓' }];
const chat = { model: 'gpt-4o-mini', messages, max_tokens: 12 };

async function check(name, action) {
  await action();
  console.log('ok', name);
}

await check('models', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes('llama-3-8b') && ids.includes('gpt-4o-mini'), ids.join());
});

let whole;
await check('chat', async () => {
  const completion = await client.chat.completions.create(chat);
  whole = completion.choices[0].message.content;
  assert.equal(whole.trim().split(' ').length, 12);
  assert.equal(completion.usage.completion_tokens, 12);
});

await check('streamed chat', async () => {
  let text = '';
  let usage;
  const stream = await client.chat.completions.create({
    ...chat, stream: true, stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole);
  assert.equal(usage.completion_tokens, 12);
});

await check('stream helper', async () => {
  const runner = client.chat.completions.stream(chat);
  assert.equal(await runner.finalContent(), whole);
});

await check('completions', async () => {
  const completion = await client.completions.create({ model: 'llama-3-8b', prompt: 'Once', max_tokens: 4 });
  assert.equal(completion.choices[0].text.trim().split(' ').length, 4);
});

await check('embeddings', async () => {
  // The client asks for base64 and decodes it unless told otherwise.
  const encoded = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] });
  const plain = await client.embeddings.create({
    model: 'text-embedding-3-small', input: ['one', 'two'], encoding_format: 'float',
  });
  assert.equal(encoded.data.length, 2);
  assert.equal(encoded.data[0].embedding.length, plain.data[0].embedding.length);
});

const ask = { model: 'gpt-4o-mini', input: 'Say hello, ünïcode ✓' };
const ended = (response) => !['queued', 'in_progress'].includes(response.status);
let said;
await check('response', async () => {
  const response = await client.responses.create(ask);
  assert.equal(response.status, 'completed');
  said = response.output_text;
  // The controllers learn of its end a moment after the client.
  let kept = await client.responses.retrieve(response.id);
  for (let i = 0; i < 100 && kept.status !== 'completed'; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    kept = await client.responses.retrieve(response.id);
  }
  assert.deepEqual(kept.output, response.output);
});

await check('streamed response', async () => {
  const response = await client.responses.stream(ask).finalResponse();
  assert.equal(response.output[0].content[0].text, said);
});

await check('response in the background', async () => {
  let response = await client.responses.create({ ...ask, background: true });
  assert.equal(response.status, 'queued');
  while (!ended(response)) response = await client.responses.retrieve(response.id);
  assert.equal(response.output_text, said);
  assert.equal(response.background, true);
  assert.equal((await client.responses.cancel(response.id)).status, 'completed');
});

await check('events of a response that was left', async () => {
  const events = [];
  let id;
  for await (const event of await client.responses.create({ ...ask, background: true, stream: true })) {
    id ??= event.response.id;
    if (events.push(event) === 20) break;
  }
  const rest = { stream: true, starting_after: events.at(-1).sequence_number };
  for await (const event of await client.responses.retrieve(id, rest)) events.push(event);
  const all = [];
  for await (const event of await client.responses.retrieve(id, { stream: true })) all.push(event);
  assert.deepEqual(events, all);
  assert.equal(all.at(-1).response.output[0].content[0].text, said);
});

await check('responses that cannot be', async () => {
  const refused = client.responses.create({ ...ask, previous_response_id: 'resp_1' });
  await assert.rejects(refused, OpenAI.BadRequestError);
  await assert.rejects(client.responses.retrieve('resp_1'), OpenAI.NotFoundError);
});

await check('batch', async () => {
  const line = (id, body) => JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body });
  const input = Buffer.from(line('one', chat) + '\n' + line('two', chat) + '\n');
  const file = await client.files.create({ file: await toFile(input, 'in.jsonl'), purpose: 'batch' });
  assert.equal(await (await client.files.content(file.id)).text(), input.toString());
  let batch = await client.batches.create({
    input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h', metadata: { job: 'x' },
  });
  while (!['completed', 'failed', 'expired'].includes(batch.status)) batch = await client.batches.retrieve(batch.id);
  assert.deepEqual(batch.request_counts, { total: 2, completed: 2, failed: 0 });
  assert.equal(batch.metadata.job, 'x');
  const output = (await (await client.files.content(batch.output_file_id)).text()).trim().split('\n').map(JSON.parse);
  assert.deepEqual(output.map((each) => each.custom_id).sort(), ['one', 'two']);
  for (const each of output) assert.equal(each.response.body.choices[0].message.content, whole);
  await assert.rejects(client.batches.cancel(batch.id), OpenAI.ConflictError);
  const ids = [];
  for await (const each of client.batches.list({ limit: 1 })) ids.push(each.id);
  assert.ok(ids.includes(batch.id));
  assert.ok((await client.files.list()).data.some((each) => each.id === batch.output_file_id));
  assert.equal((await client.files.delete(file.id)).deleted, true);
  await assert.rejects(client.files.retrieve(file.id), OpenAI.NotFoundError);
});

await check('unknown model', async () => {
  await assert.rejects(client.chat.completions.create({ ...chat, model: 'no-such-model' }), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError, error.constructor.name);
    assert.match(error.message, /no-such-model/);
    return true;
  });
});

await check('bad input', async () => {
  await assert.rejects(client.chat.completions.create({ messages }), OpenAI.BadRequestError);
});

console.log('all checks passed');
