// Server-sent events: of a run's log, and of an answer that arrives sentence by sentence.

/** Follows the log of a run. Lines that a rollback takes away are taken away here too. */
export class RunLog {
  #lines = [];
  #listeners = [];

  constructor(address) {
    const source = new EventSource(address);
    source.addEventListener('line', event => {
      this.#lines.push({ end: offsetOf(event.lastEventId), entry: JSON.parse(event.data) });
      this.#tell();
    });
    source.addEventListener('rewind', event => {
      const kept = offsetOf(event.data);
      this.#lines = this.#lines.filter(line => line.end <= kept);
      this.#tell();
    });
    source.addEventListener('state', event => this.#tell(JSON.parse(event.data)));
    source.addEventListener('error', () => this.#tell({ status: 'unreachable' }));
    // Or the browser would show an error when the page is left.
    addEventListener('pagehide', () => source.close());
  }

  /** What the lines report, in their order. */
  get entries() {
    return this.#lines.map(line => line.entry);
  }

  /** Calls back after every change, with the state of the run if there is news of it. */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  #tell(state) {
    this.#listeners.forEach(listener => listener(state));
  }
}

/** The events of an answer whose body is read while it arrives. */
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    yield* parts.map(parse);
  }
}

function parse(text) {
  const event = { name: 'message', data: '' };
  for (const line of text.split('\n')) {
    const [field, value] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()];
    if (field === 'event') {
      event.name = value;
    } else if (field === 'data') {
      event.data += value;
    }
  }
  return event;
}

/** An id is an offset and a check: 1234-5f0c9a77. */
function offsetOf(id) {
  return Number(id.split('-')[0]);
}
