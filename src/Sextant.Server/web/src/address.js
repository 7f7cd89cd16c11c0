// The address of the page: everything that is on show, so that a copied link restores it.
export const read = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  const view = (given.get('view') ?? '').split(',').map(Number);
  return {
    collection: given.get('collection'),
    query: given.get('q') ?? '',
    like: given.get('like'),
    conditions: given.getAll('filter'),
    mode: ['semantic', 'keyword', 'hybrid'].includes(given.get('mode')) ? given.get('mode') : 'semantic',
    reranker: given.get('rerank') ?? '',
    minScore: given.get('min') ?? '',
    sort: given.get('sort') ?? '',
    map: given.get('map') === '1',
    view: view.length === 3 && view.every(Number.isFinite) ? view : null,
    color: given.get('color'),
  };
};

export const write = ({ collection, query, like, conditions, mode, reranker, minScore, sort, map, view, color }) => {
  if (!collection) {
    history.replaceState(null, '', location.pathname);
    return;
  }
  const now = new URLSearchParams({ collection });
  const add = (name, value, usual = '') => { if (value && value !== usual) now.append(name, value); };
  add('q', query);
  add('like', like);
  for (const condition of conditions) add('filter', condition);
  add('mode', mode, 'semantic');
  add('rerank', reranker);
  add('min', minScore);
  add('sort', sort);
  if (map) {
    add('map', '1');
    add('view', view?.map((one) => one.toFixed(3)).join(','));
    add('color', color);
  }
  history.replaceState(null, '', `#${now}`);
};
