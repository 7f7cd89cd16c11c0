import { useEffect, useRef, useState } from 'preact/hooks';
import { addCondition, choices, conditions, minScore, mode, query, removeCondition, reranker, similarTo } from '../state.js';
import { excerpt } from './excerpt.js';

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
      <Choices />
      <Conditions />
    </form>
  );
};

const Choices = () => {
  const [filtering, setFiltering] = useState(false);
  return (
    <div class="choices">
      <label>Rank by <select value={mode.value} disabled={similarTo.value !== null} onChange={(event) => { mode.value = event.currentTarget.value; }}>
        <option value="semantic">meaning</option>
        <option value="keyword">keywords</option>
        <option value="hybrid">both (hybrid)</option>
      </select></label>
      {choices.value.length > 0 ? (
        <label>Rerank with <select value={reranker.value} disabled={similarTo.value !== null} onChange={(event) => { reranker.value = event.currentTarget.value; }}>
          <option value="">none</option>
          {choices.value.map((name) => <option key={name} value={name}>{name}</option>)}
        </select></label>
      ) : null}
      <label>Minimum score <input type="number" step="0.05" value={minScore.value} onInput={(event) => { minScore.value = event.currentTarget.value; }} /></label>
      <button type="button" class="plain" aria-expanded={filtering} onClick={() => setFiltering(!filtering)}>Filter…</button>
      {filtering ? <FilterBox /> : null}
    </div>
  );
};

const FilterBox = () => {
  const [written, setWritten] = useState('');
  const add = () => {
    if (written.trim()) addCondition(written.trim());
    setWritten('');
  };
  return (
    <span class="filter">
      <input aria-label="Filter by metadata" placeholder="lang = 'en' and year >= 2020" value={written}
        onInput={(event) => setWritten(event.currentTarget.value)}
        onKeyDown={(event) => { if (event.key === 'Enter') add(); }} />
      <button type="button" onClick={add}>Add</button>
    </span>
  );
};

const Conditions = () => conditions.value.length === 0 ? null : (
  <ul class="chips" aria-label="Filters">
    {conditions.value.map((one) => (
      <li key={one}><button type="button" class="chip on" aria-label={`Remove the filter ${one}`} onClick={() => removeCondition(one)}>{one} ✕</button></li>
    ))}
  </ul>
);
