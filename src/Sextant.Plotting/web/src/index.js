import style from './map.css';
import { createChart } from './chart.js';
import { colorsOf } from './colors.js';
import { readData, search } from './data.js';
import { make } from './dom.js';
import { createHover } from './hover.js';
import { createLabels } from './labels.js';
import { createMotion } from './motion.js';
import { createPanel } from './panel.js';

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
  const stage = make('div', { className: 'stage' }, canvas, names);
  const root = make('div', { className: 'sextant-map' }, make('style', { textContent: style }), stage);
  element.replaceChildren(root);

  const chart = await createChart(stage, canvas, data);
  const { plot } = chart;
  let selected = [];

  const hover = createHover(stage, canvas, plot, data);
  const select = (points) => {
    motion.stop();
    if (points.length > 0) plot.select(points); else plot.deselect();
  };

  const panel = createPanel(data, {
    color: (field) => {
      motion.stop();
      chart.paint(paintWith(field));
    },
    search: (query) => {
      const hits = search(data, query);
      select(hits);
      if (hits.length === 0 && query.trim() !== '') panel.say('no results');
      return hits;
    },
    select,
    show: async (point) => {
      await plot.zoomToLocation([data.x[point], data.y[point]], 0.3, { transition: false });
      requestAnimationFrame(() => hover.show(point));
    },
    lasso: (on) => plot.set({ mouseMode: on ? 'lasso' : 'panZoom' }),
    labels: (on) => { names.hidden = !on; },
    reset: () => plot.zoomToOrigin(),
    theme: (isDark) => { root.classList.toggle('dark', isDark); chart.theme(isDark); },
  });
  if (withPanel) root.prepend(panel.element);
  const paintWith = (field) => {
    const colors = colorsOf(field, data);
    panel.explain(field, colors);
    return colors;
  };

  plot.subscribe('select', ({ points }) => { selected = [...points]; panel.selected(selected); onselect?.(selected); });
  plot.subscribe('deselect', () => { selected = []; panel.selected(selected); onselect?.(selected); });
  plot.subscribe('lassoEnd', () => panel.lassoDone());

  panel.theme(data.theme ? data.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
  await chart.paint(paintWith(data.fields.find((field) => field.name === data.color)));
  const motion = await createMotion(plot, stage, data.count);
  createLabels(names, plot, data).place();
  panel.selected(selected);
  return {
    select,
    selected: () => [...selected],
    theme: (isDark) => panel.theme(isDark),
    screenPosition: (point) => {
      const { left, top } = canvas.getBoundingClientRect();
      const [x, y] = plot.getScreenPosition(point);
      return [left + x, top + y];
    },
    destroy: () => { motion.destroy(); chart.destroy(); root.remove(); },
  };
};
