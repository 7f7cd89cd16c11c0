// Collections: listed, chosen, described, drawn, deleted.
import { batch, effect } from '@preact/signals';
import * as address from './address.js';
import * as api from './api.js';
import * as facetting from './facets.js';
import { makeQuestions } from './questions.js';
import { addFilter, ask, clearSearch, stopSearching } from './searching.js';
import {
  attempt, collections, conditions, current, dialog, facetFields, facets, fields, info, linked, mapColor, mapData, mapProblem, mapShown,
  mapView, needsKey, opened, questions, rerankers, restore, say, similarTo,
} from './state.js';

let listings = 0;
let describing, drawing, counting;
// What the page was opened with, until the collection that it names is chosen.
let given = address.read();

export const loadCollections = () => attempt(async () => {
  const own = ++listings;
  const [{ data }, { data: models }] = await Promise.all([api.listCollections(), api.listRerankers()]);
  // An answer that was overtaken may still name what is gone.
  if (own !== listings) return;
  collections.value = data;
  rerankers.value = models.map((one) => one.id);
  const wanted = given?.collection ?? current.value;
  const chosen = data.find((one) => one.name === wanted) ?? data.find((one) => one.name === current.value) ?? data[0];
  if (wanted && given && chosen?.name !== wanted) say(`There is no collection ${wanted}.`, 'error');
  if (given && (chosen?.name === wanted || !wanted)) await open(chosen?.name ?? null, given);
  else if (chosen?.name !== current.value) choose(chosen?.name ?? null);
  given = null;
});

/** Shows a collection as a link has it. */
const open = async (name, from) => {
  choose(name);
  if (!name) return;
  restore(from);
  for (const condition of from.conditions) await addFilter(condition);
  if (from.like) await attempt(async () => { similarTo.value = await api.readDocument(name, from.like); });
};

/** Another link was put into the address of this tab. */
addEventListener('hashchange', () => {
  given = address.read();
  loadCollections();
});

effect(() => {
  const now = linked();
  if (collections.value !== null && given === null) address.write(now);
});

/** Ends the requests for the collection on show; their answers are no longer needed. */
const leave = () => {
  stopSearching();
  for (const one of [describing, drawing, counting]) one?.abort();
};

export const choose = (name) => {
  leave();
  batch(() => {
    current.value = name;
    info.value = null;
    fields.value = facetFields.value = facets.value = questions.value = [];
    clearSearch();
    mapData.value = mapProblem.value = mapView.value = mapColor.value = null;
    opened.value = null;
  });
  if (name) loadInfo();
};

export const loadInfo = () => attempt(async () => {
  describing?.abort();
  const own = describing = new AbortController();
  const name = current.value;
  const read = await api.readCollection(name, own.signal);
  if (own !== describing) return;
  info.value = read;
  const total = Number(read.documents);
  if (mapShown.value && !mapData.value) loadMap();
  if (total === 0) {
    fields.value = facetFields.value = facets.value = questions.value = [];
    return;
  }
  const found = await facetting.findFields(name, total, own.signal);
  if (own !== describing) return;
  batch(() => { fields.value = found.all; facetFields.value = found.facets; });
  const made = await makeQuestions(name, total, own.signal);
  if (own === describing) questions.value = made;
});

/** The counts follow the filters. */
effect(() => {
  const [name, some, chosen] = [current.value, facetFields.value, conditions.value];
  counting?.abort();
  if (!name || some.length === 0) {
    facets.value = [];
    return;
  }
  const own = counting = new AbortController();
  // A filter that the service refuses is explained where it was written.
  facetting.count(name, some, chosen, own.signal).then((counted) => { if (own === counting) facets.value = counted; }, () => {});
});

/** After documents came or went: the count, the hits and the map are no longer what they were. */
export const refresh = () => {
  drawing?.abort();
  mapData.value = null;
  loadInfo();
  loadCollections();
  ask();
};

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

/** Creates a collection of the example texts, or adds them to one that is empty. */
export const addExample = (name) => attempt(async () => {
  const file = await api.readExample();
  if (!name) await api.createCollection(name = 'faq');
  await api.indexFile(name, file, null, undefined, () => {});
  if (current.value === name) refresh();
  else {
    await loadCollections();
    choose(name);
  }
  say('Example texts added.');
});

export const enterKey = async (value) => {
  api.setKey(value);
  needsKey.value = false;
  await loadCollections();
  ask();
};

