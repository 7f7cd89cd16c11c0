import { addExample } from '../collections.js';
import { offer } from '../drops.js';
import { current, dialog } from '../state.js';
import { useState } from 'preact/hooks';

/** What to do when there is nothing to search yet. */
export const Start = () => {
  const [busy, setBusy] = useState(false);
  const isFirst = current.value === null;
  const example = async () => {
    setBusy(true);
    await addExample(current.value);
    setBusy(false);
  };
  return (
    <section class="start">
      <h2>{isFirst ? 'No collection yet' : 'This collection is empty'}</h2>
      <p>A collection holds texts that you can search by meaning. {isFirst ? 'Start with your own files or with the example.' : 'Add your own files or the example texts.'}</p>
      <label class="drop">
        <strong>Drop files here</strong>
        <span>or choose files: CSV, JSON Lines, Parquet, Markdown, HTML, PDF, Word, PowerPoint, Excel, EPUB, e-mail, text or source code</span>
        <input type="file" multiple class="unseen" aria-label="Choose files"
          onChange={(event) => { offer(event.currentTarget.files); event.currentTarget.value = ''; }} />
      </label>
      <p class="ways">
        <button type="button" class="main" disabled={busy} onClick={example}>{busy ? 'Adding 279 texts…' : 'Try the example'}</button>
        <button type="button" onClick={() => { dialog.value = isFirst ? 'create' : 'add'; }}>{isFirst ? 'Create an empty collection' : 'Paste texts'}</button>
      </p>
      <p class="hint">The example has 279 questions and answers of a made-up shop.</p>
    </section>
  );
};
