import { useState } from 'preact/hooks';
import { toggled } from '../facets.js';
import { conditionFor } from '../filters.js';
import { conditions, facets } from '../state.js';

const first = 6;

/** Values of the metadata with their counts; a click filters by one. Open where there is room beside the results. */
export const Facets = ({ open = false }) => facets.value.length === 0 ? null : (
  <details class={open ? 'facets beside' : 'facets'} open={open}>
    <summary>Filter by field</summary>
    <div>{facets.value.map((one) => <Facet key={one.field} facet={one} />)}</div>
  </details>
);

const Facet = ({ facet }) => {
  const [all, setAll] = useState(false);
  const isOn = (value) => conditions.value.includes(conditionFor(facet.field, value, facet.is_array));
  const values = all ? facet.values : facet.values.filter(({ value }, i) => i < first || isOn(value));
  return (
    <section aria-label={facet.name}>
      <h2>{facet.name}</h2>
      <ul>
        {values.map(({ value, count }) => (
          <li key={String(value)}>
            <button type="button" class="facet" aria-pressed={isOn(value)} onClick={() => { conditions.value = toggled(conditions.value, facet, value); }}>
              <span dir="auto">{String(value)}</span> <small>{count.toLocaleString('en')}</small>
            </button>
          </li>
        ))}
      </ul>
      {facet.values.length > values.length || all ? (
        <button type="button" class="plain" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Fewer' : `${(facet.distinct - values.length).toLocaleString('en')} more`}</button>
      ) : null}
    </section>
  );
};
