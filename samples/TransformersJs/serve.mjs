// An exported model behind HTTP, one text after another: what `clinic serve` is compared with in docs/serving.md.
// It takes and gives what POST /v1/translate of `clinic serve` does, as far as the comparison needs it.
import { basename, dirname, resolve } from 'node:path';
import { createServer } from 'node:http';
import { env, pipeline } from '@huggingface/transformers';

const [model, port = '5001', dtype = 'fp32'] = process.argv.slice(2);
if (!model) {
  console.error('usage: node serve.mjs EXPORTED_MODEL [PORT] [q8]');
  process.exit(2);
}

env.allowRemoteModels = false;
env.localModelPath = dirname(resolve(model));
const translate = await pipeline('translation', basename(resolve(model)), { dtype });
let before = Promise.resolve();

async function answer(request) {
  let body = '';
  for await (const part of request) {
    body += part;
  }

  const lines = JSON.parse(body).text.split('\n');
  const translations = [];
  for (const line of lines) {
    translations.push(line.trim() ? (await translate(line))[0].translation_text : '');
  }

  return { translations: [{ text: translations.join('\n') }] };
}

createServer((request, response) => {
  // The pipeline takes one text at a time.
  before = before.then(() => answer(request)).then(
    (value) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value)),
    (error) => response.writeHead(500).end(error.message),
  );
}).listen(Number(port), '127.0.0.1', () => console.error(`serving at http://127.0.0.1:${port}`));
