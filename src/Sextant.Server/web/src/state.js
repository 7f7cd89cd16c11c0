// What the page knows: components read the signals. The actions are in collections.js and searching.js.
import { batch, computed, effect, signal } from '@preact/signals';
import * as address from './address.js';

const given = address.read();

export const collections = signal(null);
export const current = signal(null);
export const info = signal(null);
export const fields = signal([]);
export const facetFields = signal([]);
export const facets = signal([]);
export const questions = signal([]);

export const query = signal('');
export const similarTo = signal(null);
export const conditions = signal([]);
export const filterProblem = signal(null);
export const mode = signal('semantic');
export const rerankers = signal([]);
export const reranker = signal('');
export const minScore = signal('');
export const sort = signal('');
export const explaining = signal(false);

export const hits = signal([]);
export const best = signal(new Map());
export const outcome = signal({ state: 'idle' });
export const more = signal(false);

export const opened = signal(null);
export const dialog = signal(null);
export const dropped = signal([]);
export const notice = signal(null);
export const needsKey = signal(false);

export const mapShown = signal(given.map);
export const mapData = signal(null);
export const mapProblem = signal(null);
export const mapView = signal(given.view);
export const mapColor = signal(given.color);

const theme = 'sextant-theme';
export const dark = signal(localStorage.getItem(theme) === 'dark'
  || (localStorage.getItem(theme) === null && matchMedia('(prefers-color-scheme: dark)').matches));

const room = matchMedia('(min-width: 1100px)');
const wide = signal(room.matches);
room.addEventListener('change', () => { wide.value = room.matches; });
/** Whether there is room for a column beside the results. */
export const hasColumn = computed(() => wide.value && !mapShown.value);

export const hasQuestion = computed(() => query.value.trim() !== '' || similarTo.value !== null);
export const isEmpty = computed(() => info.value !== null && Number(info.value.documents) === 0);

/** The models that may order results: not the collection's own, which has ordered them already. */
export const choices = computed(() => rerankers.value.filter((name) => name !== info.value?.model));

effect(() => { document.documentElement.dataset.theme = dark.value ? 'dark' : 'light'; });

export const turnDark = () => {
  dark.value = !dark.value;
  localStorage.setItem(theme, dark.value ? 'dark' : 'light');
};

export const say = (text, kind = 'info') => { notice.value = { text, kind }; };

/** Runs what talks to the service; a refusal is shown in its own words. Gives whether it went well. */
export const attempt = async (work) => {
  try {
    await work();
    return true;
  } catch (error) {
    if (error.name === 'AbortError') return false;
    if (error.status === 401) needsKey.value = true;
    else say(error.message, 'error');
    return false;
  }
};

/** Puts what a link says on show, except for what must be checked or read first. */
export const restore = (from) => batch(() => {
  query.value = from.query;
  mode.value = from.mode;
  reranker.value = from.reranker;
  minScore.value = from.minScore;
  sort.value = from.sort;
  mapShown.value = from.map;
  mapView.value = from.view;
  mapColor.value = from.color;
});

/** What a link to the page as it is restores. */
export const linked = () => ({
  collection: current.value,
  query: query.value.trim(),
  like: similarTo.value?.id,
  conditions: conditions.value,
  mode: mode.value,
  reranker: reranker.value,
  minScore: minScore.value,
  sort: sort.value,
  map: mapShown.value,
  view: mapView.value,
  color: mapColor.value,
});
