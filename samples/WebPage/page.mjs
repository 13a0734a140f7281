import * as ort from 'onnxruntime-web';
import { Translator } from './translator.mjs';

const byId = id => document.getElementById(id);

ort.env.wasm.numThreads = 1;
const started = performance.now();
const translator = await Translator.open(
  async path => new Uint8Array(await (await fetch(`model/${path}`)).arrayBuffer()),
  new URLSearchParams(location.search).has('int8') ? '_quantized' : '',
);
byId('status').textContent = `model read in ${seconds(started)} s`;
byId('go').disabled = false;
byId('go').addEventListener('click', async () => {
  byId('go').disabled = true;
  const from = performance.now();
  const done = [];
  for (const line of byId('source').value.split('\n')) {
    const show = text => (byId('target').textContent = [...done, text].join('\n'));
    done.push(line.trim() ? await translator.translate(line, show) : '');
  }

  byId('target').textContent = done.join('\n');
  byId('status').textContent = `translated in ${seconds(from)} s`;
  byId('go').disabled = false;
});

function seconds(from) {
  return ((performance.now() - from) / 1000).toFixed(2);
}
