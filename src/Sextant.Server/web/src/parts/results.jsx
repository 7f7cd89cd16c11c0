import { useState } from 'preact/hooks';
import { askMore, findSimilar, grouped, open, partsShown } from '../searching.js';
import { addCondition } from '../searching.js';
import { chipsOf } from '../filters.js';
import { best, current, hasQuestion, hits, info, more, outcome, query } from '../state.js';
import { excerpt } from './excerpt.js';
import { Passage } from './passage.jsx';
import { Score } from './score.jsx';
import { sourceOf } from './source.js';

export const Results = () => {
  const { state, notes, isSearch } = outcome.value;
  const groups = isSearch ? grouped(hits.value) : hits.value.map((hit) => [hit]);
  return (
    <>
      <p class={`status ${state}`} role="status">{said()}</p>
      {notes?.length > 0 ? <ul class="notes">{notes.map((note) => <li key={note}>{note}</li>)}</ul> : null}
      <ol class="hits" aria-busy={state === 'busy'} aria-label={isSearch ? 'Results' : 'Documents'}>
        {groups.map((group) => <Group key={`${current.value} ${isSearch} ${group[0].id}`} hits={group} />)}
      </ol>
      {more.value ? <button type="button" class="more" disabled={state === 'busy'} onClick={askMore}>{isSearch ? 'More results' : 'More documents'}</button> : null}
    </>
  );
};

const counted = (count, name) => `${count.toLocaleString('en')} ${name}${count === 1 ? '' : 's'}`;

const said = () => {
  const { state, took, text, isSearch, total } = outcome.value;
  if (state === 'error') return text;
  if (state === 'busy' || state === 'idle') return info.value === null && !hasQuestion.value ? '' : '…';
  const time = `${took.toLocaleString('en', { maximumFractionDigits: 1 })} ms`;
  if (!isSearch) return `${counted(total, 'document')}, ${time}. Type to search by meaning, or press “/”.`;
  return hits.value.length === 0 ? 'No results.' : time;
};

/** The best part of a document; the others of it that were found are folded up. */
const Group = ({ hits: [hit, ...others] }) => {
  const [unfolded, setUnfolded] = useState(false);
  const count = others.length + 1 === partsShown ? `${others.length}+` : others.length;
  return (
    <li>
      <Hit hit={hit} />
      {others.length > 0 ? (
        <button type="button" class="plain others" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          {unfolded ? 'Fewer from this document' : `${count} more from this document`}
        </button>
      ) : null}
      {unfolded ? <ol class="parts">{others.map((one) => <li key={one.id}><Hit hit={one} /></li>)}</ol> : null}
    </li>
  );
};

const Hit = ({ hit }) => {
  const source = sourceOf(hit.metadata);
  return (
    <article class={`hit ${hit.rank ? '' : 'unranked'}`} tabIndex={0} data-id={hit.id} aria-label={hit.rank ? `Result ${hit.rank}` : hit.id}>
      {hit.rank ? <Score hit={hit} /> : null}
      <Passage text={hit.text} query={query.value} best={best.value.get(hit.id)} />
      <Metadata of={hit.metadata} />
      <p class="actions">
        <button type="button" class="plain" onClick={() => open(hit)}>Open</button>
        <button type="button" class="plain" onClick={() => findSimilar(hit)}>More like this</button>
        {source ? <a class="button plain" href={source} target="_blank" rel="noopener noreferrer">Source</a> : null}
        <span class="id" dir="auto">{excerpt(hit.id, 60)}</span>
      </p>
    </article>
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
