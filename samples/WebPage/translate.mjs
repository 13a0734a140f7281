// The same translator in Node: a line in, a line out.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Translator } from './translator.mjs';

const [model, type = 'float32'] = process.argv.slice(2);
if (!model) {
  console.error('usage: node translate.mjs EXPORTED_MODEL [int8] < sentences');
  process.exit(2);
}

const translator = await Translator.open(path => readFile(join(model, path)), type === 'int8' ? '_quantized' : '');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(line.trim() ? await translator.translate(line) : '');
}
