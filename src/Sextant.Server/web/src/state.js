// What the page knows and does. Components read the signals and call the actions; only this file talks to the service.
import { batch, computed, effect, signal } from '@preact/signals';
import * as api from './api.js';
import { together } from './filters.js';

export const pageSize = 10;
const typingPause = 150;

// What the page was opened with; the address follows the search from then on.
const address = new URLSearchParams(location.hash.slice(1));

export const collections = signal(null);
export const current = signal(null);
export const info = signal(null);
export const query = signal(address.get('q') ?? '');
export const similarTo = signal(null);
export const conditions = signal([]);
export const mode = signal('semantic');
export const rerankers = signal([]);
export const reranker = signal('');
export const minScore = signal('');
export const hits = signal([]);
export const outcome = signal({ state: 'idle' });
export const more = signal(false);
export const focused = signal(-1);
export const opened = signal(null);
export const dialog = signal(null);
export const notice = signal(null);
export const mapShown = signal(false);
export const mapData = signal(null);
export const mapProblem = signal(null);
export const needsKey = signal(false);
export const dark = signal(localStorage.getItem('sextant-theme') === 'dark'
  || (localStorage.getItem('sextant-theme') === null && matchMedia('(prefers-color-scheme: dark)').matches));

export const hasQuestion = computed(() => query.value.trim() !== '' || similarTo.value !== null);

effect(() => { document.documentElement.dataset.theme = dark.value ? 'dark' : 'light'; });

export const turnDark = () => {
  dark.value = !dark.value;
  localStorage.setItem('sextant-theme', dark.value ? 'dark' : 'light');
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

/** The models that may order results: not the collection's own, which has ordered them already. */
export const choices = computed(() => rerankers.value.filter((name) => name !== info.value?.model));

let listings = 0;

export const loadCollections = () => attempt(async () => {
  const own = ++listings;
  const [{ data }, { data: models }] = await Promise.all([api.listCollections(), api.listRerankers()]);
  // An answer that was overtaken may still name what is gone.
  if (own !== listings) return;
  collections.value = data;
  rerankers.value = models.map((one) => one.id);
  const wanted = current.value ?? address.get('collection');
  const chosen = data.find((one) => one.name === wanted) ?? data[0];
  if (chosen?.name !== current.value) choose(chosen?.name ?? null);
});

let asking, describing, drawing, waiting;

/** Ends the requests for the collection on show; nobody waits for their answers any more. */
const leave = () => {
  clearTimeout(waiting);
  for (const one of [asking, describing, drawing]) one?.abort();
};

export const choose = (name) => {
  leave();
  batch(() => {
    current.value = name;
    info.value = null;
    similarTo.value = null;
    conditions.value = [];
    hits.value = [];
    more.value = false;
    outcome.value = { state: 'idle' };
    mapData.value = null;
    mapProblem.value = null;
    opened.value = null;
  });
  if (name) loadInfo();
};

export const loadInfo = () => attempt(async () => {
  describing?.abort();
  const own = describing = new AbortController();
  const read = await api.readCollection(current.value, own.signal);
  if (own !== describing) return;
  info.value = read;
  if (mapShown.value && !mapData.value) loadMap();
});

/** After documents came or went: the count, the hits and the map are no longer what they were. */
export const refresh = () => {
  drawing?.abort();
  mapData.value = null;
  loadInfo();
  loadCollections();
  ask();
};

const question = (offset) => ({
  ...(similarTo.value ? { id: similarTo.value.id } : { query: query.value.trim() }),
  k: pageSize,
  offset,
  filter: together(conditions.value),
  mode: similarTo.value === null ? mode.value : undefined,
  rerank: similarTo.value === null && choices.value.includes(reranker.value) ? reranker.value : undefined,
  min_score: minScore.value === '' ? undefined : Number(minScore.value),
});

export const ask = async (offset = 0) => {
  asking?.abort();
  asking = null;
  if (!current.value || !hasQuestion.value) {
    batch(() => { hits.value = []; outcome.value = { state: 'idle' }; more.value = false; });
    return;
  }
  const own = asking = new AbortController();
  outcome.value = { ...outcome.value, state: 'busy' };
  try {
    const { results, took_ms: took, notes, score_kind: kind = 'cosine', rerank } = await api.search(current.value, question(offset), own.signal);
    if (own !== asking) return;
    batch(() => {
      hits.value = offset === 0 ? results : [...hits.value, ...results];
      more.value = results.length === pageSize;
      if (offset === 0) focused.value = -1;
      outcome.value = { state: 'done', took, notes, kind, rerank };
    });
  } catch (error) {
    if (error.name === 'AbortError' || own !== asking) return;
    if (error.status === 401) needsKey.value = true;
    batch(() => { hits.value = []; more.value = false; outcome.value = { state: 'error', text: error.message }; });
  }
};

let typedBefore = '';

/** Searches at once for what was chosen, and for what is typed when nothing has been typed for a moment. The address follows. */
effect(() => {
  const [collection, asked, typed] = [current.value, query.value.trim(), `${query.value}\n${minScore.value}`];
  // Read, so that a change of theirs searches again.
  const chosen = [similarTo.value, conditions.value, mode.value, reranker.value];
  const now = new URLSearchParams({ ...(collection ? { collection } : {}), ...(asked ? { q: asked } : {}) });
  if (collections.peek() !== null) history.replaceState(null, '', collection ? `#${now}` : location.pathname);
  clearTimeout(waiting);
  waiting = setTimeout(ask, chosen[0] === null && typed !== typedBefore ? typingPause : 0);
  typedBefore = typed;
});

export const addCondition = (condition) => {
  if (!conditions.value.includes(condition)) conditions.value = [...conditions.value, condition];
};

export const removeCondition = (condition) => { conditions.value = conditions.value.filter((one) => one !== condition); };

export const findSimilar = (hit) => batch(() => {
  similarTo.value = { id: hit.id, text: hit.text };
  query.value = '';
  opened.value = null;
});

export const open = (id) => attempt(async () => { opened.value = await api.readDocument(current.value, id); });

export const removeDocument = (id) => attempt(async () => {
  await api.deleteDocument(current.value, id);
  batch(() => {
    opened.value = null;
    // Nothing is like a text that is gone.
    if (similarTo.value?.id === id) similarTo.value = null;
  });
  say('Document deleted.');
  refresh();
});

export const removeCollection = async (name) => {
  // What is under way would hold the deletion back, and ask for a collection that is gone.
  leave();
  if (!await attempt(() => api.deleteCollection(name))) {
    refresh();
    return;
  }
  dialog.value = null;
  choose(null);
  say(`Collection ${name} deleted.`);
  await loadCollections();
};

export const showMap = (shown) => {
  mapShown.value = shown;
  if (shown && info.value && !mapData.value) loadMap();
};

const loadMap = async () => {
  drawing?.abort();
  mapProblem.value = Number(info.value.documents) === 0 ? 'This collection is empty; add texts to see the map.' : null;
  if (mapProblem.value) return;
  const own = drawing = new AbortController();
  try {
    const drawn = await api.readMap(current.value, own.signal);
    if (own === drawing) mapData.value = drawn;
  } catch (error) {
    if (error.name !== 'AbortError' && own === drawing) mapProblem.value = error.message;
  }
};
