// "/" goes to the search box, arrows walk through the results, Enter opens one, "s" finds more like it, "m" shows the map.
import { findSimilar, focused, hits, mapShown, open, showMap } from './state.js';

const isTyping = (target) => target.matches?.('input:not([type=checkbox]), textarea, select');

const walk = (step) => {
  const to = Math.max(-1, Math.min(hits.value.length - 1, focused.value + step));
  focused.value = to;
  if (to < 0) document.getElementById('query')?.focus();
  else document.querySelectorAll('.hit')[to]?.focus();
};

const keys = {
  '/': () => document.getElementById('query')?.focus(),
  ArrowDown: () => walk(1),
  ArrowUp: () => walk(-1),
  m: () => showMap(!mapShown.value),
  s: () => hits.value[focused.value] && findSimilar(hits.value[focused.value]),
  Enter: () => hits.value[focused.value] && open(hits.value[focused.value].id),
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
