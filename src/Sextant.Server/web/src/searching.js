// Asks the service for what is on show: a search, or the documents in an order where nothing is asked.
import { batch, effect } from '@preact/signals';
import * as api from './api.js';
import { explain, together } from './filters.js';
import { bestOf } from './sentences.js';
import {
  attempt, best, choices, conditions, current, explaining, filterProblem, hasQuestion, hits, minScore, mode, more, needsKey, opened, outcome, query, reranker,
  similarTo, sort,
} from './state.js';

export const pageSize = 10;
/** The most parts of one document that are found with each other. */
export const partsShown = 4;
const typingPause = 150;

let asking, waiting, comparing;
// Collections whose model charges for each text: sentences are not compared there.
const charging = new Set();

export const stopSearching = () => {
  clearTimeout(waiting);
  asking?.abort();
  comparing?.abort();
};

export const clearSearch = () => {
  similarTo.value = null;
  conditions.value = [];
  filterProblem.value = null;
  sort.value = '';
  hits.value = [];
  best.value = new Map();
  more.value = false;
  outcome.value = { state: 'idle' };
};

/** The hits of one document together, in the order of their best. */
export const grouped = (all) => {
  const groups = [];
  for (const hit of all) {
    const last = groups.at(-1);
    if (last && hit.group !== undefined && last[0].group === hit.group) last.push(hit);
    else groups.push([hit]);
  }
  return groups;
};

const question = (offset) => ({
  ...(similarTo.value ? { id: similarTo.value.id } : { query: query.value.trim(), mode: mode.value }),
  k: pageSize,
  offset,
  group_by: 'source',
  group_size: partsShown,
  filter: together(conditions.value),
  rerank: similarTo.value === null && choices.value.includes(reranker.value) ? reranker.value : undefined,
  min_score: minScore.value === '' ? undefined : Number(minScore.value),
  explain: explaining.value || undefined,
});

const listing = (offset) => ({
  k: pageSize,
  offset,
  filter: together(conditions.value),
  order_by: sort.value.replace(/^[-+]/, '') || undefined,
  ascending: sort.value.startsWith('+'),
});

export const ask = async (offset = 0) => {
  asking?.abort();
  comparing?.abort();
  asking = null;
  if (!current.value) {
    batch(() => { hits.value = []; outcome.value = { state: 'idle' }; more.value = false; });
    return;
  }
  const own = asking = new AbortController();
  outcome.value = { ...outcome.value, state: 'busy' };
  const isSearch = hasQuestion.value;
  try {
    const found = isSearch
      ? await api.search(current.value, question(offset), own.signal)
      : await api.browse(current.value, listing(offset), own.signal);
    if (own !== asking) return;
    batch(() => {
      hits.value = offset === 0 ? found.results : [...hits.value, ...found.results];
      more.value = isSearch ? grouped(found.results).length === pageSize : hits.value.length < found.total;
      outcome.value = { state: 'done', isSearch, took: found.took_ms, notes: found.notes, kind: found.score_kind ?? 'cosine', rerank: found.rerank,
        total: found.total };
      if (offset === 0) best.value = new Map();
    });
    if (isSearch) findSentences(found.results);
  } catch (error) {
    if (error.name === 'AbortError' || own !== asking) return;
    if (error.status === 401) needsKey.value = true;
    batch(() => { hits.value = []; more.value = false; outcome.value = { state: 'error', text: error.message }; });
  }
};

export const askMore = () => ask(outcome.value.isSearch ? grouped(hits.value).length : hits.value.length);

/** Finds which sentence of each result is nearest to the query. Results without one show the words of the query. */
const findSentences = async (results) => {
  const name = current.value;
  if (charging.has(name) || results.length === 0) return;
  const own = comparing = new AbortController();
  const asked = similarTo.value ? { id: similarTo.value.id } : { query: query.value.trim() };
  try {
    const found = await bestOf(results.map((hit) => hit.text),
      async (texts) => (await api.compare(name, { ...asked, texts }, own.signal)).similarities);
    if (own === comparing) best.value = new Map([...best.value, ...results.map((hit, i) => [hit.id, found[i]])]);
  } catch (error) {
    if (error.code === 'hosted_model') charging.add(name);
  }
};

let typedBefore = '';

/** Searches at once for what was chosen, and for what is typed when nothing has been typed for a moment. */
effect(() => {
  const typed = `${query.value}\n${minScore.value}`;
  // Read, so that a change of theirs searches again.
  const chosen = [similarTo.value, current.value, conditions.value, mode.value, reranker.value, sort.value, explaining.value];
  clearTimeout(waiting);
  waiting = setTimeout(ask, chosen[0] === null && typed !== typedBefore ? typingPause : 0);
  typedBefore = typed;
});

export const addCondition = (condition) => {
  if (!conditions.value.includes(condition)) conditions.value = [...conditions.value, condition];
};

export const removeCondition = (condition) => { conditions.value = conditions.value.filter((one) => one !== condition); };

/** Adds a filter that somebody wrote, once the service has read it and knows its fields. Gives whether it was right. */
export const addFilter = async (written) => {
  filterProblem.value = null;
  let message;
  const well = await attempt(async () => {
    try {
      const { total, notes } = await api.browse(current.value, { k: 0, filter: written });
      if (total === 0 && notes?.length > 0) [message] = notes;
    } catch (error) {
      if (error.status !== 400) throw error;
      ({ message } = error);
    }
  });
  if (message) filterProblem.value = explain(written, message);
  else if (well) addCondition(written);
  return well && !message;
};

export const findSimilar = (hit) => batch(() => {
  similarTo.value = { id: hit.id, text: hit.text };
  query.value = '';
  opened.value = null;
});

export const open = (hit) => { opened.value = { id: hit.id, text: hit.text, metadata: hit.metadata }; };

export const openId = (id) => attempt(async () => open(await api.readDocument(current.value, id)));
