// A chart that is kept up to date: lines over updates, and marks where the guard against divergence acted.
import uPlot from './uplot/uPlot.esm.js';

const height = 280;
const dark = matchMedia('(prefers-color-scheme: dark)');
const incidents = ['skipped', 'rollback', 'stopped', 'jump', 'plateau'];
const marksPerChart = 60;
const markHeight = 16;

// The same pairs as in the style sheet: on a dark page colors are brighter.
const onDark = {
  '#0072B2': '#4fb3f0', '#D55E00': '#ff8a3d', '#009E73': '#2fcf9f',
  '#CC79A7': '#e19ac2', '#E69F00': '#f0b53a', '#56B4E9': '#8fd0f5',
};
const ink = () => (dark.matches ? '#a3abb3' : '#5d646c');
const grid = () => ({ stroke: dark.matches ? '#343b41' : '#e3e1dc', width: 1 });

const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

function words(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e7) ? value.toExponential(2) : short.format(value);
}

/** Draws a figure's lines from the logs of runs. */
export class LiveChart {
  #figure;
  #logs;
  #series;
  #plot;
  #overlay;
  #timer;

  /** @param logs the log of each address that a line of the figure names */
  constructor(figure, logs) {
    this.#figure = figure;
    this.#logs = logs;
    this.#series = JSON.parse(figure.dataset.series);
    for (const log of new Set(this.#series.map(line => logs.get(line.events)))) {
      log.onChange(state => state || this.#soon());
    }
    dark.addEventListener('change', () => this.#plot?.redraw(false, true));
  }

  /** Lines arrive in bursts, so several are drawn at once. */
  #soon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, 100);
  }

  #draw() {
    const data = uPlot.join(this.#series.map(line => this.#points(line)));
    if (data[0].length === 0) {
      return;
    }
    if (this.#plot) {
      this.#plot.setData(data);
    } else {
      this.#begin(data);
    }
    this.#mark();
    this.#figure.dataset.points = data[0].length;
  }

  /** Updates and values of a line; each update once, in their order. */
  #points(line) {
    const values = new Map();
    for (const entry of this.#logs.get(line.events).entries) {
      if (entry.kind === line.kind) {
        const value = entry[line.field];
        values.set(entry.step, this.#isLogarithmic && !(value > 0) ? null : value ?? null);
      }
    }
    const steps = [...values.keys()].sort((a, b) => a - b);
    return [steps, steps.map(step => values.get(step))];
  }

  get #isLogarithmic() {
    return this.#figure.dataset.scale === 'logarithmic';
  }

  #begin(data) {
    const place = this.#figure.querySelector('.plot');
    place.hidden = false;
    this.#figure.querySelector('.still').hidden = true;
    this.#figure.querySelector('.legend')?.setAttribute('hidden', '');
    const stroke = () => grid().stroke;
    const axis = { stroke: ink, grid: { ...grid(), stroke }, ticks: { stroke } };
    this.#plot = new uPlot(
      {
        width: place.clientWidth,
        height,
        scales: { x: { time: false }, y: this.#isLogarithmic ? { distr: 3 } : {} },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map(tick => count.format(tick)) },
          { ...axis, size: 72, values: (_, ticks) => ticks.map(tick => (tick === null ? '' : words(tick))) },
        ],
        series: [
          { label: 'update', value: (_, value) => (value === null ? '–' : count.format(value)) },
          ...this.#series.map(line => ({
            label: line.name,
            stroke: () => (dark.matches ? onDark[line.color] ?? line.color : line.color),
            width: line.width,
            dash: line.dashed ? [6, 4] : undefined,
            spanGaps: true,
            points: { show: line.kind === 'valid', fill: () => (dark.matches ? '#1f2428' : '#ffffff') },
            value: (_, value) => words(value),
          })),
        ],
        hooks: { draw: [() => this.#place()] },
      },
      data,
      place,
    );
    new ResizeObserver(() => this.#plot.setSize({ width: place.clientWidth, height })).observe(place);
  }

  /** A link for each incident, to its batch if that was kept. */
  #mark() {
    const found = [...new Set(this.#series.map(line => line.events))].flatMap(address =>
      this.#logs.get(address).entries
        .filter(entry => incidents.includes(entry.kind))
        .map(entry => ({ entry, run: address.split('/')[3] })));
    const marks = found.slice(-marksPerChart).map(({ entry, run }) => {
      const mark = document.createElement(entry.offending ? 'a' : 'span');
      if (entry.offending) {
        mark.href = `/runs/${run}/${entry.offending}`;
      } else {
        mark.setAttribute('role', 'img');
      }
      mark.className = `mark ${entry.kind}`;
      mark.dataset.step = entry.step;
      mark.title = `${entry.kind} at update ${count.format(entry.step)}: ${entry.cause ?? ''}`;
      mark.setAttribute('aria-label', mark.title);
      return mark;
    });
    if (!this.#overlay) {
      this.#overlay = document.createElement('div');
      this.#overlay.className = 'marks';
      this.#plot.over.append(this.#overlay);
    }
    if (this.#overlay.childElementCount !== marks.length) {
      this.#overlay.replaceChildren(...marks);
    }
    this.#place();
  }

  #place() {
    const atStep = new Map();
    for (const mark of this.#overlay?.children ?? []) {
      // The update that ended a training was not made, so it is beyond the last point.
      const step = Math.min(Number(mark.dataset.step), this.#plot.data[0].at(-1));
      const left = this.#plot.valToPos(step, 'x');
      const before = atStep.get(step) ?? 0;
      atStep.set(step, before + 1);
      mark.style.left = `${left}px`;
      // Several rollbacks may go back to the same update: their heads are below each other.
      mark.style.top = `${before * markHeight}px`;
      mark.hidden = left < 0 || left > this.#plot.over.clientWidth;
    }
  }
}
