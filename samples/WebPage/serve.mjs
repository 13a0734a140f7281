// Serves this folder, and the exported model under /model/, to this computer only.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const [model, port = '8080'] = process.argv.slice(2);
if (!model) {
  console.error('usage: node serve.mjs EXPORTED_MODEL [PORT]');
  process.exit(2);
}

const types = { '.html': 'text/html', '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };
const here = fileURLToPath(new URL('.', import.meta.url));

createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  const file = path.startsWith(`${sep}model${sep}`)
    ? join(model, path.slice('/model/'.length))
    : join(here, path === sep ? 'index.html' : path);
  try {
    const content = await readFile(file);
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(content);
  } catch {
    response.writeHead(404).end('not found');
  }
}).listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`));
