import { highlight } from '../highlight.js';

const shown = 480;
const before = 140;

const Words = ({ text, query }) => highlight(text, query).map((piece) => piece.hit ? <mark>{piece.text}</mark> : piece.text);

/** The part of a long text that has the best sentence. */
const windowOf = (text, best) => {
  if (text.length <= shown) return [0, text.length];
  if (!best || best.end <= shown) return [0, shown];
  const from = best.start - before;
  const start = from <= 0 ? 0 : from + Math.max(0, text.slice(from).search(/\s/)) + 1;
  return [start, Math.min(text.length, Math.max(best.end, start + shown))];
};

/** A passage: the sentence that is nearest to the query stands out, and in it the query's words. */
export const Passage = ({ text, query, best, whole = false }) => {
  const [from, to] = whole ? [0, text.length] : windowOf(text, best);
  const start = best ? Math.max(from, best.start) : to, end = best ? Math.min(to, best.end) : to;
  return (
    <p class={whole ? 'text whole' : 'text'} dir="auto">
      {from > 0 ? '… ' : ''}
      <Words text={text.slice(from, start)} query={query} />
      {start < end ? <span class="best" title={`Most similar sentence: ${best.similarity.toFixed(3)}`}><Words text={text.slice(start, end)} query={query} /></span> : null}
      <Words text={text.slice(end, to).trimEnd()} query={query} />
      {to < text.length ? '…' : ''}
    </p>
  );
};
