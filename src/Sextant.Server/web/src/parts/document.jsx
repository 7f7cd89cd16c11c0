import { useState } from 'preact/hooks';
import { findSimilar, opened, removeDocument } from '../state.js';
import { Dialog } from './dialog.jsx';

const close = () => { opened.value = null; };

export const DocumentDialog = () => {
  const [sure, setSure] = useState(false);
  const { id, text, metadata } = opened.value;
  return (
    <Dialog title={id} onClose={close}>
      <p class="whole" dir="auto">{text}</p>
      {Object.keys(metadata ?? {}).length > 0 ? (
        <dl>{Object.entries(metadata).map(([name, value]) => [
          <dt key={`${name}:`}>{name}</dt>,
          <dd key={name} dir="auto">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>,
        ])}</dl>
      ) : null}
      <footer>
        <button type="button" onClick={() => findSimilar(opened.value)}>More like this</button>
        {sure
          ? <button type="button" class="danger" onClick={() => removeDocument(id)}>Yes, delete it</button>
          : <button type="button" onClick={() => setSure(true)}>Delete…</button>}
      </footer>
    </Dialog>
  );
};
