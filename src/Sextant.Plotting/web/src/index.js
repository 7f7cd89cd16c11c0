import style from './map.css';
import { createChart } from './chart.js';
import { colorsOf } from './colors.js';
import { createControls } from './controls.js';
import { createCursor } from './cursor.js';
import { readData, search } from './data.js';
import { createDensity } from './density.js';
import { make } from './dom.js';
import { createHover } from './hover.js';
import { createLabels } from './labels.js';
import { createMotion } from './motion.js';
import { createBar, createPanel } from './panel.js';
import { createTimeline } from './timeline.js';
import { createView } from './view.js';

/**
 * Shows a map in an element.
 * @param {HTMLElement} element where; it should have a height of its own
 * @param {object} given the map's data, as `sextant plot` and the HTTP service write it
 * @param {object} [options] `embedded: true` arranges the controls in a row, without search and theme; `view` is a camera to begin with;
 * `onselect(points)`, `onview(camera)` and `oncolor(field)` are called when these change
 * @returns {Promise<object>} `select(points)`, `selected()`, `theme(dark)`, `screenPosition(point)`, `destroy()`
 */
export const mountMap = async (element, given, { embedded = false, view: begin, onselect, onview, oncolor } = {}) => {
  const data = readData(given);
  const canvas = make('canvas', { tabIndex: 0, role: 'application', 'aria-roledescription': 'map', 'aria-label':
    `Map of ${data.count} points. Arrow keys move, plus and minus zoom, 0 shows all, Enter goes from point to point.` });
  const names = make('div', { className: 'labels', 'aria-hidden': 'true' });
  const stage = make('div', { className: 'stage' }, canvas);
  const body = make('div', { className: 'body' }, stage);
  const root = make('div', { className: `sextant-map${embedded ? ' embedded' : ''}` }, make('style', { textContent: style }), body);
  // The controls need the chart, which takes a moment.
  root.inert = true;
  element.replaceChildren(root);

  let selected = [], visible = null, motion, labels, shownBy = given.color, dark = false;
  const isVisible = (point) => visible === null || visible.has(point);
  const select = (points) => {
    motion.stop();
    if (points.length > 0) plot.select(points); else plot.deselect();
  };
  const controls = createControls(data, {
    color: (field) => {
      motion.stop();
      shownBy = field?.name;
      chart.paint(paintWith(field));
      oncolor?.(shownBy ?? null);
    },
    select,
    clear: () => {
      side.clear();
      select([]);
    },
    cluster: (label) => view.box(label.box ?? [data.x[label.point] - 0.2, data.x[label.point] + 0.2, data.y[label.point] - 0.2, data.y[label.point] + 0.2]),
    lasso: (on) => plot.set({ mouseMode: on ? 'lasso' : 'panZoom' }),
    labels: (on) => {
      names.hidden = !on;
      if (on) labels.place();
    },
    reset: () => view.fit(),
  });
  const side = embedded ? createBar(controls) : createPanel(data, controls, {
    search: (query) => {
      const hits = search(data, query).filter(isVisible);
      select(hits);
      if (hits.length === 0 && query.trim() !== '') controls.say('No results.');
      return hits;
    },
    show: async (point) => {
      await view.moveTo([data.x[point], data.y[point]], 0.3, false);
      requestAnimationFrame(() => hover.show(point));
    },
    turn: () => theme(!dark),
  });
  const timeline = createTimeline(data, (points) => {
    visible = points && new Set(points);
    motion.filter(points);
    density.draw(points);
    side.again();
  });
  if (embedded) body.prepend(side.element); else root.prepend(side.element);
  if (timeline) body.append(timeline);

  // The controls have their size now, so that the first view fits what is left.
  const chart = await createChart(stage, canvas, data, onview, () => labels?.place());
  const { plot, view } = chart;
  const density = createDensity(stage, plot, view, data);
  stage.append(names);
  const hover = createHover(stage, canvas, plot, view, data, isVisible);
  const cursor = createCursor(canvas, view, hover, data, { isVisible, choose: (point) => select([point]) });
  stage.append(...cursor.elements);
  const theme = (isDark) => {
    dark = isDark;
    root.classList.toggle('dark', isDark);
    chart.theme(isDark);
    density.theme(isDark);
    side.theme(isDark);
  };
  const paintWith = (field) => {
    const colors = colorsOf(field, data);
    controls.explain(field, colors);
    return colors;
  };

  plot.subscribe('select', ({ points }) => { selected = [...points]; controls.selected(selected); onselect?.(selected); });
  plot.subscribe('deselect', () => { selected = []; controls.selected(selected); onselect?.(selected); });
  plot.subscribe('lassoEnd', () => controls.lassoDone());

  theme(data.theme ? data.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
  controls.selected(selected);
  const colors = paintWith(data.fields.find((field) => field.name === data.color));
  await chart.paint(colors);
  motion = await createMotion(plot, stage, data.count, density.pause);
  density.draw(null);
  labels = createLabels(names, plot, data);
  hover.over(labels, (label) => {
    view.box(label.box);
  });
  if (begin) await view.moveTo([begin[0], begin[1]], begin[2], false); else await view.fit(false);
  labels.place();
  root.inert = false;
  return {
    select,
    selected: () => [...selected],
    theme,
    color: () => shownBy ?? null,
    screenPosition: (point) => {
      const { left, top } = canvas.getBoundingClientRect();
      const [x, y] = plot.getScreenPosition(point);
      return [left + x, top + y];
    },
    destroy: () => { motion.destroy(); chart.destroy(); root.remove(); },
  };
};
