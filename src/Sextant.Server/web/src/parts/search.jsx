import { useEffect, useRef } from 'preact/hooks';
import { readable } from '../filters.js';
import { removeCondition } from '../searching.js';
import { choices, conditions, current, fields, hasQuestion, isEmpty, minScore, mode, query, questions, reranker, similarTo, sort } from '../state.js';
import { excerpt } from './excerpt.js';
import { FilterBox } from './filter.jsx';

export const SearchBox = () => {
  const box = useRef(null);
  useEffect(() => box.current.focus(), []);
  return (
    <form role="search" onSubmit={(event) => event.preventDefault()}>
      {similarTo.value ? (
        <p class="similar">
          <span>More like <q dir="auto">{excerpt(similarTo.value.text, 120)}</q></span>
          <button type="button" class="plain" aria-label="Clear the similarity search" onClick={() => { similarTo.value = null; }}>✕</button>
        </p>
      ) : null}
      <input ref={box} id="query" type="search" dir="auto" autocomplete="off" aria-label="Search query"
        placeholder="Search in your own words" value={query.value}
        onInput={(event) => { similarTo.value = null; query.value = event.currentTarget.value; }} />
      {isEmpty.value ? null : <Questions />}
      {isEmpty.value ? null : <Choices key={current.value} />}
      <Conditions />
    </form>
  );
};

const Questions = () => hasQuestion.value || questions.value.length === 0 ? null : (
  <div class="questions">
    <span>Try:</span>
    <ul aria-label="Example questions">
      {questions.value.map((one) => <li key={one}><button type="button" class="chip" dir="auto" onClick={() => { query.value = one; }}>{one}</button></li>)}
    </ul>
  </div>
);

const Choices = () => (
  <div class="choices">
    {hasQuestion.value ? <Ranking /> : <Sorting />}
    <FilterBox />
  </div>
);

const Ranking = () => (
  <>
    <label>Rank by <select value={mode.value} disabled={similarTo.value !== null} onChange={(event) => { mode.value = event.currentTarget.value; }}>
      <option value="semantic">Meaning</option>
      <option value="keyword">Keywords</option>
      <option value="hybrid">Hybrid</option>
    </select></label>
    {choices.value.length > 0 ? (
      <label>Rerank with <select value={reranker.value} disabled={similarTo.value !== null} onChange={(event) => { reranker.value = event.currentTarget.value; }}>
        <option value="">none</option>
        {choices.value.map((name) => <option key={name} value={name}>{name}</option>)}
      </select></label>
    ) : null}
    <label>Minimum score <input type="number" step="0.05" value={minScore.value} onInput={(event) => { minScore.value = event.currentTarget.value; }} /></label>
  </>
);

const Sorting = () => (
  <label>Sort by <select value={sort.value} onChange={(event) => { sort.value = event.currentTarget.value; }}>
    <option value="">Newest first</option>
    <option value="+">Oldest first</option>
    {fields.value.filter((one) => !one.is_array).flatMap(({ name, field }) => [
      <option key={`+${field}`} value={`+${field}`}>{name}, lowest first</option>,
      <option key={`-${field}`} value={`-${field}`}>{name}, highest first</option>,
    ])}
  </select></label>
);

const Conditions = () => conditions.value.length === 0 ? null : (
  <ul class="chips" aria-label="Filters">
    {conditions.value.map((one) => (
      <li key={one}><button type="button" class="chip on" aria-label={`Remove the filter ${readable(one)}`} onClick={() => removeCondition(one)}>{readable(one)} ✕</button></li>
    ))}
  </ul>
);
