import { addCondition, ask, findSimilar, focused, hasQuestion, hits, info, more, open, outcome, query } from '../state.js';
import { chipsOf } from '../filters.js';
import { highlight } from '../highlight.js';
import { excerpt } from './excerpt.js';

const shown = 480;

export const Results = () => {
  const { state, took, text, notes } = outcome.value;
  return (
    <>
      <p class={`status ${state}`} role="status">{said(state, took, text)}</p>
      {notes?.length > 0 ? <ul class="notes">{notes.map((note) => <li key={note}>{note}</li>)}</ul> : null}
      <ol class="hits" aria-busy={state === 'busy'} aria-label="Results">
        {hits.value.map((hit, i) => <Hit key={`${hit.rank} ${hit.id}`} hit={hit} at={i} />)}
      </ol>
      {more.value ? <button type="button" class="more" disabled={state === 'busy'} onClick={() => ask(hits.value.length)}>More results</button> : null}
    </>
  );
};

const said = (state, took, text) => {
  if (state === 'error') return text;
  if (state === 'done') return hits.value.length === 0 ? 'No results.' : `${took.toLocaleString('en', { maximumFractionDigits: 1 })} ms`;
  if (state === 'busy') return '…';
  if (hasQuestion.value) return '…';
  if (info.value === null) return '';
  return Number(info.value.documents) === 0 ? 'This collection is empty: add some texts.' : 'Type to search by meaning. Press “/” to focus the search box, arrow keys to move through the results.';
};

const Hit = ({ hit, at }) => (
  <li>
    <article class="hit" tabIndex={0} aria-label={`Result ${hit.rank}`} onFocus={() => { focused.value = at; }}>
      <Score of={hit.score} />
      <p class="text" dir="auto">{highlight(excerpt(hit.text, shown), query.value).map((piece) => piece.hit ? <mark>{piece.text}</mark> : piece.text)}</p>
      <Metadata of={hit.metadata} />
      <p class="actions">
        <button type="button" class="plain" onClick={() => open(hit.id)}>Open</button>
        <button type="button" class="plain" onClick={() => findSimilar(hit)}>More like this</button>
        <span class="id" dir="auto">{excerpt(hit.id, 60)}</span>
      </p>
    </article>
  </li>
);

const kinds = { cosine: 'Cosine similarity', bm25: 'BM25', probability: 'Probability', logit: 'Logit', relevance: 'Relevance' };
const bounded = ['cosine', 'probability', 'relevance'];

/** A score with what it measures; the bar is for those that end at 1. A cosine by the collection's own model goes without saying. */
const Score = ({ of }) => {
  const { kind = 'cosine', rerank } = outcome.value;
  const name = kinds[kind] ?? kind;
  return (
    <p class="score" title={`${name} ${of.toFixed(4)}${rerank ? ` by ${rerank}` : ''}`}>
      <span class="unseen">Score </span>{of > 0 && of < 0.0005 ? '<0.001' : of.toFixed(3)}
      {bounded.includes(kind) ? <meter min="0" max="1" value={Math.max(0, of)} aria-label={name} /> : null}
      {kind !== 'cosine' || rerank ? <span class="kind">{name}</span> : null}
    </p>
  );
};

export const Metadata = ({ of }) => {
  const chips = chipsOf(of);
  return chips.length === 0 ? null : (
    <ul class="chips">
      {chips.map((chip) => (
        <li key={chip.condition}>
          <button type="button" class="chip" title="Filter by this value" onClick={() => addCondition(chip.condition)}>
            <span class="name">{chip.name}</span> {String(chip.value)}
          </button>
        </li>
      ))}
    </ul>
  );
};
