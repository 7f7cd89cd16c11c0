import style from './map.css';
import { createChart } from './chart.js';
import { colorsOf } from './colors.js';
import { readData, search } from './data.js';
import { excerpt, make } from './dom.js';
import { createLabels } from './labels.js';
import { createPanel } from './panel.js';

const tooltipLength = 600;

const describe = (data, point) => [
  data.texts ? make('p', { dir: 'auto', textContent: excerpt(data.texts[point], tooltipLength) }) : null,
  make('dl', {}, ...data.fields.flatMap((field) => {
    const value = field.text(point);
    return value === null ? [] : [make('dt', { textContent: field.name }), make('dd', { dir: 'auto', textContent: excerpt(value, 200) })];
  })),
];

/**
 * Shows a map in an element.
 * @param {HTMLElement} element where; it should have a height of its own
 * @param {object} given the map's data, as `sextant plot` and the HTTP service write it
 * @param {object} [options] `panel: false` leaves out the column beside the map; `onselect(points)` is told what is selected
 * @returns {Promise<object>} `select(points)`, `selected()`, `theme(dark)`, `screenPosition(point)`, `destroy()`
 */
export const mountMap = async (element, given, { panel: withPanel = true, onselect } = {}) => {
  const data = readData(given);
  const canvas = make('canvas', { tabIndex: 0, 'aria-label': `Map of ${data.count} points. Arrow keys move, plus and minus zoom, 0 shows all.` });
  const names = make('div', { className: 'labels' });
  const tooltip = make('div', { className: 'tooltip', hidden: true, role: 'status' });
  const stage = make('div', { className: 'stage' }, canvas, names, tooltip);
  const root = make('div', { className: 'sextant-map' }, make('style', { textContent: style }), stage);
  element.replaceChildren(root);

  const chart = await createChart(stage, canvas, data);
  const { plot } = chart;
  let selected = [];

  const showPoint = (point) => {
    tooltip.replaceChildren(...describe(data, point).filter(Boolean));
    tooltip.hidden = false;
    const [x, y] = plot.getScreenPosition(point);
    tooltip.style.left = `${Math.max(0, Math.min(x + 14, stage.clientWidth - tooltip.offsetWidth - 8))}px`;
    tooltip.style.top = `${Math.max(0, Math.min(y + 14, stage.clientHeight - tooltip.offsetHeight - 8))}px`;
  };
  const hidePoint = () => { tooltip.hidden = true; };

  const panel = createPanel(data, {
    color: (field) => chart.paint(paintWith(field)),
    search: (query) => {
      const hits = search(data, query);
      if (query.trim() === '') plot.deselect();
      else if (hits.length === 0) { plot.deselect(); panel.say('nothing found'); } else plot.select(hits);
      return hits;
    },
    select: (points) => points.length > 0 ? plot.select(points) : plot.deselect(),
    show: async (point) => {
      await plot.zoomToLocation([data.x[point], data.y[point]], 0.3, { transition: false });
      plot.hover(point);
      requestAnimationFrame(() => showPoint(point));
    },
    lasso: (on) => plot.set({ mouseMode: on ? 'lasso' : 'panZoom' }),
    labels: (on) => { names.hidden = !on; },
    reset: () => { hidePoint(); plot.zoomToOrigin(); },
    theme: (isDark) => { root.classList.toggle('dark', isDark); chart.theme(isDark); },
  });
  if (withPanel) root.prepend(panel.element);
  const paintWith = (field) => {
    const colors = colorsOf(field, data.count);
    panel.explain(field, colors);
    return colors;
  };

  plot.subscribe('pointOver', showPoint);
  plot.subscribe('pointOut', hidePoint);
  plot.subscribe('select', ({ points }) => { selected = [...points]; panel.selected(selected); onselect?.(selected); });
  plot.subscribe('deselect', () => { selected = []; panel.selected(selected); onselect?.(selected); });
  plot.subscribe('view', hidePoint);
  plot.subscribe('lassoEnd', () => panel.lassoDone());

  panel.theme(data.theme ? data.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
  await chart.paint(paintWith(data.fields.find((field) => field.name === data.color)));
  createLabels(names, plot, data).place();
  panel.selected(selected);
  return {
    select: (points) => points.length > 0 ? plot.select(points) : plot.deselect(),
    selected: () => [...selected],
    theme: (isDark) => panel.theme(isDark),
    screenPosition: (point) => {
      const { left, top } = canvas.getBoundingClientRect();
      const [x, y] = plot.getScreenPosition(point);
      return [left + x, top + y];
    },
    destroy: () => { chart.destroy(); root.remove(); },
  };
};
