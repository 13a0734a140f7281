// Hugging Face's tokenizers in JavaScript: a line in, its ids out. Run it where @huggingface/tokenizers is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';

const json = name => JSON.parse(readFileSync(join(process.argv[2], name), 'utf8'));
const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
// Not readline: it also ends lines at U+2028.
for (const line of readFileSync(0, 'utf8').replace(/\n$/, '').split('\n')) {
  console.log(tokenizer.encode(line).ids.join(' '));
}
