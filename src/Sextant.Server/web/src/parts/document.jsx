import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api.js';
import { removeDocument } from '../collections.js';
import { findSimilar } from '../searching.js';
import { attempt, best, current, opened, query } from '../state.js';
import { Dialog } from './dialog.jsx';
import { Passage } from './passage.jsx';
import { sourceOf } from './source.js';

const close = () => { opened.value = null; };

/** A document: all of its parts, with the one that was found in view. */
export const DocumentDialog = () => {
  const { id, text, metadata } = opened.value;
  const [sure, setSure] = useState(false);
  const [parts, setParts] = useState([{ id, text }]);
  const found = useRef(null);
  useEffect(() => { attempt(async () => setParts((await api.listParts(current.value, id)).parts)); }, [id]);
  useEffect(() => { if (parts.length > 1) found.current?.scrollIntoView({ block: 'center' }); }, [parts]);

  const source = sourceOf(metadata);
  return (
    <Dialog title={id} onClose={close}>
      {parts.length > 1 ? <p class="hint">All {parts.length.toLocaleString('en')} parts of the document; the one that was found is marked.</p> : null}
      <div class="whole-document" tabIndex={0} role="region" aria-label="Text">
        {parts.map((part) => (
          <div key={part.id} ref={part.id === id ? found : null} class={parts.length > 1 && part.id === id ? 'part found' : 'part'}>
            <Passage whole text={part.text} query={query.value} best={best.value.get(part.id)} />
          </div>
        ))}
      </div>
      {Object.keys(metadata ?? {}).length > 0 ? (
        <dl>{Object.entries(metadata).map(([name, value]) => [
          <dt key={`${name}:`}>{name}</dt>,
          <dd key={name} dir="auto">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>,
        ])}</dl>
      ) : null}
      <footer>
        {source ? <a class="button" href={source} target="_blank" rel="noopener noreferrer">Open the source</a> : null}
        <button type="button" onClick={() => findSimilar(opened.value)}>More like this</button>
        {sure
          ? <button type="button" class="danger" onClick={() => removeDocument(id)}>Yes, delete it</button>
          : <button type="button" onClick={() => setSure(true)}>Delete…</button>}
      </footer>
    </Dialog>
  );
};
