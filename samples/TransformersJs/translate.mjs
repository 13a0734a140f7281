// An exported model in transformers.js: a line in, a line out.
import { basename, dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { env, pipeline } from '@huggingface/transformers';

const [model, dtype = 'fp32'] = process.argv.slice(2);
if (!model) {
  console.error('usage: node translate.mjs EXPORTED_MODEL [q8] < sentences');
  process.exit(2);
}

env.allowRemoteModels = false;
env.localModelPath = dirname(resolve(model));
const translate = await pipeline('translation', basename(resolve(model)), { dtype });
for await (const line of createInterface({ input: process.stdin })) {
  console.log(line.trim() ? (await translate(line))[0].translation_text : '');
}
