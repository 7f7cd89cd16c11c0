import { gradient } from './colors.js';
import { excerpt, make } from './dom.js';
import { download, toCsv, toJsonLines } from './exports.js';

const listed = 100;
const searchDelay = 120;

/** The column beside the map: search, colours and what they mean, lasso and export. All of it works from the keyboard. */
export const createPanel = (data, act) => {
  let points = [], dark = false, lassoing = false;

  const status = make('p', { className: 'status', role: 'status' });
  const results = make('ul', { className: 'results' });
  const legend = make('div', { className: 'legend' });
  const box = make('input', { type: 'search', placeholder: 'Search texts', autocomplete: 'off', 'aria-label': 'Search texts' });
  let waiting;
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => list(act.search(box.value)), searchDelay);
  });

  const list = (hits) => results.replaceChildren(...hits.slice(0, listed).map((point) => make('li', {}, make('button', {
    type: 'button', dir: 'auto', textContent: excerpt(data.texts?.[point] ?? `point ${point}`, 90), onclick: () => act.show(point),
  }))));

  const choice = make('select', { 'aria-label': 'Color by', onchange: () => act.color(data.fields[choice.value - 1]) },
    make('option', { value: 0, textContent: 'one color' }),
    ...data.fields.map((field, i) => make('option', { value: i + 1, textContent: field.name })));
  choice.value = String(data.fields.findIndex((field) => field.name === data.color) + 1);

  const toggle = (name, title, turn) => make('button', {
    type: 'button', textContent: name, title, 'aria-pressed': 'false', onclick: (event) => turn(event.currentTarget),
  });
  const lasso = toggle('Lasso', 'Draw around points to select them (or hold Shift and draw)', () => setLasso(!lassoing));
  const setLasso = (on) => {
    lassoing = on;
    lasso.setAttribute('aria-pressed', String(on));
    act.lasso(on);
  };
  const labels = data.labels.length === 0 ? null : toggle('Labels', 'Show or hide the names of clusters', (button) => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    act.labels(on);
  });
  labels?.setAttribute('aria-pressed', 'true');
  const shade = toggle('Dark', 'Switch between dark and light', () => setTheme(!dark));
  const setTheme = (on) => {
    dark = on;
    shade.setAttribute('aria-pressed', String(on));
    act.theme(on);
  };

  const save = (name, type, write) => make('button', {
    type: 'button', textContent: `Save ${name}`, onclick: () => download(`selection.${name.toLowerCase()}`, type, write(data, points)),
  });
  const exports = make('div', { className: 'row' },
    save('JSONL', 'application/x-ndjson', toJsonLines), save('CSV', 'text/csv', toCsv),
    make('button', { type: 'button', textContent: 'Clear', onclick: () => { box.value = ''; list([]); act.select([]); } }));

  const pick = (field, category) => {
    const members = [];
    field.codes.forEach((code, point) => { if (code === category) members.push(point); });
    act.select(members);
  };

  return {
    element: make('aside', {},
      make('h1', { dir: 'auto', textContent: data.title || 'Map' }),
      box,
      make('label', {}, 'Color by ', choice),
      legend,
      make('div', { className: 'row' }, lasso, labels, make('button', { type: 'button', textContent: 'Show all', onclick: act.reset }), shade),
      status, exports, results),
    theme: setTheme,
    say(text) { status.textContent = text; },
    lassoDone() { setLasso(false); },
    selected(chosen) {
      points = chosen;
      exports.hidden = points.length === 0;
      status.textContent = points.length === 0
        ? `${data.count.toLocaleString('en')} points`
        : `${points.length.toLocaleString('en')} of ${data.count.toLocaleString('en')} points selected`;
    },
    explain(field, colors) {
      if (colors.scale) {
        const bar = make('div', { className: 'bar' });
        bar.style.background = gradient;
        legend.replaceChildren(bar, make('div', { className: 'ends' }, ...colors.scale.map((end) => make('span', { textContent: String(end) }))));
        return;
      }
      const lines = colors.legend.map((line) => {
        const dot = make('i');
        dot.style.background = line.color;
        return make('button', { type: 'button', title: 'Select these points', onclick: () => pick(field, line.category) },
          dot, make('span', { dir: 'auto', textContent: excerpt(line.text, 60) }), make('small', { textContent: line.count.toLocaleString('en') }));
      });
      if (colors.others > 0) lines.push(make('small', { textContent: `and ${colors.others.toLocaleString('en')} others, in gray` }));
      legend.replaceChildren(...lines);
    },
  };
};
