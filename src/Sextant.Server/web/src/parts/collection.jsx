import { useState } from 'preact/hooks';
import * as api from '../api.js';
import { removeCollection } from '../collections.js';
import { attempt, current, dialog, info } from '../state.js';
import { Dialog } from './dialog.jsx';

const close = () => { dialog.value = null; };
const bytes = (count) => `${(count / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;

const download = (name, blob) => {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

export const CollectionDialog = () => {
  const [sure, setSure] = useState(false);
  const { documents, model, dimensions, created, documents_bytes: stored, index_bytes: index } = info.value ?? {};

  return (
    <Dialog title={current.value} onClose={close}>
      {info.value ? (
        <dl>
          <dt>Documents</dt><dd>{Number(documents).toLocaleString('en')}</dd>
          <dt>Model</dt><dd>{model}, {dimensions} dimensions</dd>
          {created ? [<dt>Created</dt>, <dd>{new Date(created).toLocaleString()}</dd>] : null}
          {stored !== undefined ? [<dt>Size</dt>, <dd>{bytes(stored)} documents, {bytes(index ?? 0)} index</dd>] : null}
        </dl>
      ) : null}
      <Check />
      <footer>
        <button type="button" onClick={() => attempt(async () => download(`${current.value}.jsonl`, await api.exportCollection(current.value)))}>Export</button>
        {sure
          ? <button type="button" class="danger" onClick={() => removeCollection(current.value)}>Yes, delete {current.value} for good</button>
          : <button type="button" onClick={() => setSure(true)}>Delete collection…</button>}
      </footer>
    </Dialog>
  );
};

const Check = () => {
  const [state, setState] = useState(null);
  const check = async () => {
    setState('busy');
    if (!await attempt(async () => setState(await api.verifyCollection(current.value)))) setState(null);
  };
  if (state === 'busy') return <p role="status">Checking documents, vectors and links…</p>;
  if (state === null) return <p><button type="button" onClick={check}>Check the index</button></p>;
  return (
    <p role="status">
      {state.problems.length === 0 ? 'No problems found.' : `${state.problems.length} problems: ${state.problems[0]}`}
      {typeof state.recall === 'number' ? ` Recall@10: ${(state.recall * 100).toFixed(1)} %.` : ''}
    </p>
  );
};
