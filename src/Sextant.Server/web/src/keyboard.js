// "/" goes to the search box, arrows walk through the results, Enter opens one, "s" finds more like it, "m" shows the map.
import { showMap } from './collections.js';
import { findSimilar, open } from './searching.js';
import { hits, mapShown } from './state.js';

const isTyping = (target) => target.matches?.('input:not([type=checkbox]), textarea, select');

const walk = (step) => {
  const all = [...document.querySelectorAll('.hit')];
  const to = all.indexOf(document.activeElement?.closest('.hit')) + step;
  if (to < 0) document.getElementById('query')?.focus();
  else all[Math.min(to, all.length - 1)]?.focus();
};

const atFocus = (act) => {
  const id = document.activeElement?.closest('.hit')?.dataset.id;
  const hit = hits.value.find((one) => one.id === id);
  if (hit) act(hit);
};

const keys = {
  '/': () => document.getElementById('query')?.focus(),
  ArrowDown: () => walk(1),
  ArrowUp: () => walk(-1),
  m: () => showMap(!mapShown.value),
  s: () => atFocus(findSimilar),
  Enter: () => atFocus(open),
};

export const listen = () => document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const inQuery = event.target.id === 'query';
  if (isTyping(event.target) && !(inQuery && ['ArrowDown'].includes(event.key))) return;
  if (event.key === 'Enter' && !event.target.matches('.hit')) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
