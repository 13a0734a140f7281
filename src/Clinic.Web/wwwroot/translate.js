// The page to translate on: sentences appear as they are translated, and each offers other translations.
import { eventsOf } from './events.js';

const typingPause = 500;
const mostAlternatives = 5;

const form = document.getElementById('translate');
const [model, text, output, status, whileTyping, copy] =
  ['model', 'text', 'translation', 'status', 'while-typing', 'copy'].map(id => document.getElementById(id));
const alternatives = document.getElementById('alternatives');

let request = new AbortController();
let timer;

function ask(body, accept, signal) {
  return fetch('/v1/translate', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: accept },
    body: JSON.stringify({ model: model.value, ...body }),
    signal,
  });
}

async function refusalOf(response) {
  const problem = await response.json().catch(() => ({}));
  return problem.detail ?? `The service answered ${response.status}.`;
}

/** Runs a request and says what went wrong; a newer one ends it. */
async function run(work) {
  request.abort();
  request = new AbortController();
  const { signal } = request;
  try {
    await work(signal);
  } catch (error) {
    if (!signal.aborted) {
      status.textContent = error instanceof TypeError ? 'The service does not answer.' : error.message;
    }
  }
}

async function translate(signal) {
  const source = text.value;
  alternatives.hidden = true;
  if (source.trim() === '') {
    output.replaceChildren();
    status.textContent = '';
    return;
  }
  status.textContent = 'Translating…';
  const response = await ask({ text: source }, 'text/event-stream', signal);
  if (!response.ok) {
    throw new Error(await refusalOf(response));
  }
  output.replaceChildren();
  let reached = 0;
  let isWhole = false;
  for await (const event of eventsOf(response)) {
    const data = JSON.parse(event.data);
    if (event.name === 'done') {
      isWhole = true;
    } else {
      // What is between two sentences stays as it is.
      const start = source.indexOf(data.sentence.source, reached);
      output.append(source.slice(reached, start), buttonOf(data.sentence));
      reached = start + data.sentence.source.length;
    }
  }
  output.append(source.slice(reached));
  status.textContent = isWhole ? '' : 'The answer broke off.';
}

function buttonOf(sentence) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'sentence';
  button.textContent = sentence.problem ? sentence.source : sentence.translation;
  button.title = sentence.problem ?? 'Other translations';
  button.addEventListener('click', () => run(signal => offer(sentence, button, signal)));
  return button;
}

async function offer(sentence, button, signal) {
  const beam = Number(model.selectedOptions[0].dataset.beam);
  const body = { text: sentence.source, split: 'none', alternatives: Math.min(mostAlternatives, beam) };
  const response = await ask(body, 'application/json', signal);
  if (!response.ok) {
    throw new Error(await refusalOf(response));
  }
  const found = (await response.json()).translations[0].sentences[0];
  alternatives.querySelector('p').textContent = sentence.source;
  alternatives.querySelector('ul').replaceChildren(...(found.alternatives ?? []).map(other => {
    const item = document.createElement('li');
    const choice = document.createElement('button');
    choice.type = 'button';
    choice.className = 'second';
    choice.lang = output.lang;
    choice.textContent = other.text;
    choice.addEventListener('click', () => {
      button.textContent = other.text;
      button.focus();
    });
    const score = document.createElement('span');
    score.className = 'note';
    score.textContent = `log-probability per subword ${other.score.toFixed(3)}`;
    item.append(choice, ' ', score);
    return item;
  }));
  alternatives.hidden = false;
  alternatives.querySelector('button')?.focus();
}

function now() {
  clearTimeout(timer);
  run(translate);
}

form.addEventListener('submit', event => {
  event.preventDefault();
  now();
});
text.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    now();
  }
});
text.addEventListener('input', () => {
  clearTimeout(timer);
  if (whileTyping.checked) {
    timer = setTimeout(now, typingPause);
  }
});
model.addEventListener('change', () => {
  const chosen = model.selectedOptions[0].dataset;
  [text.lang, output.lang] = [chosen.source, chosen.target];
  now();
});
copy.addEventListener('click', async () => {
  // Browsers have no clipboard for pages of another machine without TLS.
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(output.textContent);
    status.textContent = 'Copied.';
  } else {
    getSelection().selectAllChildren(output);
    status.textContent = 'Selected: copy it with Ctrl+C.';
  }
});

document.querySelectorAll('[data-script]').forEach(element => (element.hidden = false));
