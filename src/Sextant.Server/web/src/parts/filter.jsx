import { useEffect, useRef, useState } from 'preact/hooks';
import { addFilter } from '../searching.js';
import { filterProblem } from '../state.js';

/** A filter in the filter language. A wrong one is not kept: it stays in the box, with what is wrong and where. */
export const FilterBox = () => {
  const [open, setOpen] = useState(filterProblem.value !== null);
  const [written, setWritten] = useState(filterProblem.value?.written ?? '');
  const box = useRef(null);
  const problem = filterProblem.value;

  // A link may have brought a wrong filter.
  useEffect(() => {
    if (!problem) return;
    setOpen(true);
    setWritten(problem.written);
  }, [problem]);
  useEffect(() => {
    if (!problem || problem.at < 0 || !box.current) return;
    box.current.focus();
    box.current.setSelectionRange(problem.at, Math.min(problem.at + 1, problem.written.length));
  }, [problem, open]);

  const add = async () => {
    const text = written.trim();
    if (text === '') return;
    if (await addFilter(text)) setWritten('');
  };
  return (
    <>
      <button type="button" class="plain" aria-expanded={open} onClick={() => setOpen(!open)}>Filter…</button>
      {open ? (
        <div class="filter">
          <input ref={box} aria-label="Filter by metadata" placeholder="lang = 'en' and year >= 2020" value={written} spellcheck={false} autocomplete="off"
            aria-invalid={problem !== null} aria-describedby={problem ? 'filter-problem' : undefined}
            onInput={(event) => { setWritten(event.currentTarget.value); filterProblem.value = null; }}
            onKeyDown={(event) => { if (event.key === 'Enter') add(); }} />
          <button type="button" onClick={add}>Add</button>
          {problem ? <Explanation problem={problem} /> : null}
        </div>
      ) : null}
    </>
  );
};

const Explanation = ({ problem: { written, text, at } }) => (
  <div id="filter-problem" class="problem" role="alert">
    {at < 0 ? null : (
      <code class="place">{written.slice(0, at)}<mark class="wrong">{written.slice(at, at + 1) || '\u00a0'}</mark>{written.slice(at + 1)}</code>
    )}
    <p>{at < 0 ? '' : `Character ${at + 1}: `}{text}</p>
  </div>
);
