import { explaining, outcome } from '../state.js';

const kinds = { cosine: 'Cosine similarity', bm25: 'BM25', probability: 'Probability', logit: 'Logit', relevance: 'Relevance', dot: 'Dot product', euclidean: 'Euclidean' };
const bounded = ['cosine', 'probability', 'relevance'];
const written = (score) => score > 0 && score < 0.0005 ? '<0.001' : score.toFixed(3);

const stages = [
  ['semantic', 'Semantic', 'cosine similarity of the vectors'],
  ['keyword', 'Keyword', 'BM25 of the words'],
  ['fused', 'Fused', 'semantic and keyword, weighted'],
  ['rerank', 'Reranked', 'by the reranker'],
];

/** A score with what it measures; the bar is for those that end at 1. A cosine by the collection's own model goes without saying. */
export const Score = ({ hit }) => {
  const { kind = 'cosine', rerank } = outcome.value;
  const name = kinds[kind] ?? kind;
  return (
    <div class="score" title={`${name} ${hit.score.toFixed(4)}${rerank ? ` by ${rerank}` : ''}`}>
      <button type="button" class="plain" aria-expanded={explaining.value} onClick={() => { explaining.value = !explaining.value; }}>
        <span class="unseen">Explain the score </span>{written(hit.score)}
      </button>
      {bounded.includes(kind) ? <meter min="0" max="1" value={Math.max(0, hit.score)} aria-label={name} /> : null}
      {kind !== 'cosine' || rerank ? <span class="kind">{name}</span> : null}
      {explaining.value && hit.stages ? <Stages of={hit.stages} /> : null}
    </div>
  );
};

const Stages = ({ of }) => (
  <dl class="stages">
    {stages.filter(([key]) => of[key]).map(([key, name, what]) => (
      <div key={key} title={what}>
        <dt>{name}</dt>
        <dd>{written(of[key].score)}{of[key].rank ? <small> #{of[key].rank}</small> : null}</dd>
      </div>
    ))}
  </dl>
);
