import { useEffect, useState } from 'preact/hooks';
import * as api from '../api.js';
import { choose, loadCollections, refresh } from '../collections.js';
import { attempt, current, dialog, dropped, say } from '../state.js';
import { addUploads, cancelUploads, clearUploads, indexUploads, uploads } from '../uploads.js';
import { Dialog } from './dialog.jsx';
import { Upload } from './upload.jsx';

const batchSize = 100;
const counted = (count) => count === 1 ? '1 text added.' : `${count.toLocaleString('en')} texts added.`;

/** The name of a new collection for a file. */
const nameFor = (file) => file.name.replace(/\.[^.]*$/, '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 60) || 'documents';

export const AddDialog = () => {
  const [name, setName] = useState(current.value);
  const [isNew, setNew] = useState(false);
  const [pasted, setPasted] = useState('');
  const [working, setWorking] = useState(false);
  const [finished, setFinished] = useState(false);
  const [problem, setProblem] = useState(null);

  const take = async (files) => {
    let to = name;
    if (!to) {
      // Only a collection knows how it reads a file; one that stays empty is removed again.
      to = nameFor(files[0]);
      if (!await attempt(() => api.createCollection(to))) return;
      setName(to);
      setNew(true);
    }
    setFinished(false);
    setProblem(null);
    addUploads(to, files);
  };
  useEffect(() => {
    clearUploads();
    const files = dropped.value;
    dropped.value = [];
    if (files.length > 0) take(files);
    return clearUploads;
  }, []);
  // Files may be dropped on the open dialog, too.
  useEffect(() => {
    if (dropped.value.length === 0) return;
    const files = dropped.value;
    dropped.value = [];
    take(files);
  }, [dropped.value]);

  const close = async () => {
    dialog.value = null;
    if (isNew && !finished) await attempt(() => api.deleteCollection(name));
  };

  const show = async () => {
    if (current.value === name) refresh();
    else {
      await loadCollections();
      choose(name);
    }
  };

  const paste = async () => {
    const documents = pasted.split(/\r?\n/).map((text) => text.trim()).filter(Boolean).map((text) => ({ text }));
    for (let done = 0; done < documents.length; done += batchSize) await api.addDocuments(name, documents.slice(done, done + batchSize));
    return documents.length;
  };

  const add = async (event) => {
    event.preventDefault();
    if (uploads.value.length === 0 && pasted.trim() === '') {
      setProblem('Nothing to add; paste texts or choose a file.');
      return;
    }
    setWorking(true);
    setProblem(null);
    let count = 0;
    const pastedWell = pasted.trim() === '' || await attempt(async () => { count = await paste(); });
    const well = pastedWell && await indexUploads(name);
    setWorking(false);
    const reports = uploads.value.map((one) => one.report).filter(Boolean);
    count += reports.reduce((sum, one) => sum + one.added + one.updated, 0);
    setNew(false);
    setFinished(true);
    setPasted('');
    await show();
    if (!well || reports.some((one) => one.skipped_count > 0 || one.warnings.length > 0)) return;
    dialog.value = null;
    say(counted(count));
  };

  const files = uploads.value;
  // A new collection is made first; until then no file is listed.
  const isReady = Boolean(name) && files.every((one) => one.preview && !one.problem);
  const isDone = finished && files.length > 0 && files.every((one) => one.report);
  return (
    <Dialog title={name ? `Add texts to ${name}` : 'Add texts'} onClose={close} locked={working}>
      <form onSubmit={add}>
        {files.length > 0 || !name ? null : (
          <label class="field">Texts, one a line
            <textarea rows={6} dir="auto" value={pasted} onInput={(event) => setPasted(event.currentTarget.value)} />
          </label>
        )}
        {working || isDone ? null : (
          <label class="field">{files.length > 0 ? 'More files' : 'Or files'}
            <input type="file" multiple onChange={(event) => { if (event.currentTarget.files.length > 0) take(event.currentTarget.files); }} />
          </label>
        )}
        {files.map((one) => <Upload key={one.file.name} upload={one} collection={name} working={working} />)}
        {problem ? <p class="problem" role="alert">{problem}</p> : null}
        <footer>
          {working ? <button type="button" onClick={cancelUploads}>Cancel</button> : null}
          {isDone ? <button type="button" class="main" onClick={() => { dialog.value = null; }}>Done</button> : null}
          {working || isDone ? null : <button type="submit" class="main" disabled={!isReady}>Add</button>}
        </footer>
      </form>
    </Dialog>
  );
};
