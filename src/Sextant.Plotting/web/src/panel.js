import { excerpt, make } from './dom.js';

const listed = 100;
const searchDelay = 120;

/** The column beside a map that fills its page: search, light and dark, and the controls. All of it works from the keyboard. */
export const createPanel = (data, controls, act) => {
  const results = make('ul', { className: 'results' });
  const box = make('input', { type: 'search', placeholder: 'Search texts', autocomplete: 'off', 'aria-label': 'Search texts' });
  let waiting;
  const again = () => list(act.search(box.value));
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(again, searchDelay);
  });

  const list = (hits) => results.replaceChildren(...hits.slice(0, listed).map((point) => make('li', {}, make('button', {
    type: 'button', dir: 'auto', textContent: excerpt(data.texts?.[point] ?? `point ${point}`, 90), onclick: () => act.show(point),
  }))));

  const shade = make('button', { type: 'button', textContent: 'Dark', title: 'Switch between dark and light', 'aria-pressed': 'false', onclick: act.turn });

  return {
    element: make('aside', {},
      make('h1', { dir: 'auto', textContent: data.title || 'Map' }),
      box, controls.color, controls.legend, controls.clusters,
      make('div', { className: 'row' }, controls.lasso, controls.labels, controls.reset, shade),
      controls.status, controls.exports, results),
    theme(dark) { shade.setAttribute('aria-pressed', String(dark)); },
    /** Searches again, because other points are visible now. */
    again() {
      if (box.value.trim() !== '') again();
    },
    clear() {
      box.value = '';
      list([]);
    },
  };
};

/** One row above a map that is part of a page: the page has the search and the theme. */
export const createBar = (controls) => ({
  element: make('div', { className: 'controls' },
    make('div', { className: 'row' }, controls.color, controls.clusters, controls.lasso, controls.labels, controls.reset),
    controls.legend,
    make('div', { className: 'row' }, controls.status, controls.exports)),
  theme() {},
  again() {},
  clear() {},
});
