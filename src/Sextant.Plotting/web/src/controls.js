import { gradient } from './colors.js';
import { excerpt, make } from './dom.js';
import { download, toCsv, toJsonLines } from './exports.js';

const count = (number) => number.toLocaleString('en');

/** What both arrangements of the controls (panel.js, bar.js) are made of. */
export const createControls = (data, act) => {
  let points = [], lassoing = false;

  const status = make('p', { className: 'status', role: 'status' });
  const legend = make('div', { className: 'legend', role: 'group', 'aria-label': 'Colors' });

  const choice = make('select', { 'aria-label': 'Color by', onchange: () => act.color(data.fields[choice.value - 1]) },
    make('option', { value: 0, textContent: 'one color' }),
    ...data.fields.map((field, i) => make('option', { value: i + 1, textContent: field.name })));
  choice.value = String(data.fields.findIndex((field) => field.name === data.color) + 1);
  const color = data.fields.length === 0 ? null : make('label', {}, make('span', { textContent: 'Color by ' }), choice);

  const clusters = data.labels.length === 0 ? null : make('select', {
    'aria-label': 'Zoom to cluster',
    className: 'clusters',
    onchange: () => {
      if (clusters.value === '') act.reset(); else act.cluster(data.labels[clusters.value]);
    },
  },
  make('option', { value: '', textContent: 'All clusters' }),
  ...data.labels.map((label, i) => make('option', { value: i, textContent: `${excerpt(label.text, 48)}${label.count ? ` (${count(label.count)})` : ''}` })));

  const toggle = (name, title, turn) => make('button', {
    type: 'button', textContent: name, title, 'aria-pressed': 'false', onclick: (event) => turn(event.currentTarget),
  });
  const lasso = toggle('Lasso', 'Draw around points to select them (or hold Shift and draw)', () => setLasso(!lassoing));
  const setLasso = (on) => {
    lassoing = on;
    lasso.setAttribute('aria-pressed', String(on));
    act.lasso(on);
  };
  const labels = data.labels.length === 0 ? null : toggle('Names', 'Show or hide the names of clusters', (button) => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    act.labels(on);
  });
  labels?.setAttribute('aria-pressed', 'true');
  const reset = make('button', { type: 'button', textContent: 'Show all', onclick: () => { if (clusters) clusters.value = ''; act.reset(); } });

  const save = (name, type, write) => make('button', {
    type: 'button', textContent: `Save ${name}`, onclick: () => download(`selection.${name.toLowerCase()}`, type, write(data, points)),
  });
  const exports = make('div', { className: 'row' },
    save('JSONL', 'application/x-ndjson', toJsonLines), save('CSV', 'text/csv', toCsv),
    make('button', { type: 'button', textContent: 'Clear', onclick: act.clear }));

  const pick = (field, category) => {
    const members = [];
    field.codes.forEach((code, point) => { if (code === category) members.push(point); });
    act.select(members);
  };

  return {
    color, clusters, lasso, labels, reset, legend, status, exports,
    say(text) { status.textContent = text; },
    lassoDone() { setLasso(false); },
    leftCluster() { if (clusters) clusters.value = ''; },
    selected(chosen) {
      points = chosen;
      exports.hidden = points.length === 0;
      status.textContent = points.length === 0
        ? `${count(data.count)} points`
        : `${count(points.length)} of ${count(data.count)} points selected`;
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
          dot, make('span', { dir: 'auto', textContent: excerpt(line.text, 60) }), make('small', { textContent: count(line.count) }));
      });
      if (colors.others > 0) lines.push(make('small', { textContent: `and ${count(colors.others)} others, in gray` }));
      legend.replaceChildren(...lines);
      legend.hidden = lines.length === 0;
    },
  };
};
