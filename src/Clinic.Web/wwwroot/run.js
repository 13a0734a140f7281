// The page of a run, and of several: draws their curves while they train, and refreshes what is said of them.
import { LiveChart } from './chart.js';
import { RunLog } from './events.js';
import { refreshParts } from './refresh.js';

const pause = 3000;

const figures = [...document.querySelectorAll('figure[data-chart]')];
const logs = new Map();
for (const address of new Set(figures.flatMap(figure => figure.dataset.source.split(' ')))) {
  logs.set(address, new RunLog(address));
}

let known = '';
let changed = false;
let waits = false;

/** The words of the page come from the server, at most every few seconds and only after a change. */
async function refresh() {
  if (!changed || waits || document.hidden) {
    return;
  }
  [changed, waits] = [false, true];
  await refreshParts();
  setTimeout(() => {
    waits = false;
    refresh();
  }, pause);
}

const states = new Map();
for (const [address, log] of logs) {
  log.onChange(state => {
    if (state) {
      states.set(address, `${state.status} ${state.updates}`);
      const now = [...states.values()].join();
      changed ||= known !== '' && now !== known;
      known = now;
      const isLost = state.status === 'unreachable';
      figures.forEach(figure => {
        figure.querySelector('.status').textContent = isLost ? 'The service does not answer; trying again.' : '';
      });
    } else {
      changed ||= known !== '';
    }
    refresh();
  });
}

figures.forEach(figure => new LiveChart(figure, logs));
