import { useRef, useState } from 'preact/hooks';
import * as api from '../api.js';
import { readContent } from '../reading.js';
import { attempt, current, dialog, refresh, say } from '../state.js';
import { Dialog } from './dialog.jsx';

const batchSize = 100;

export const AddDialog = () => {
  const [pasted, setPasted] = useState('');
  const [files, setFiles] = useState([]);
  const [progress, setProgress] = useState(null);
  const [problem, setProblem] = useState(null);
  const stopping = useRef(null);

  const close = () => { dialog.value = null; };

  const send = async (documents) => {
    const name = current.value;
    stopping.current = new AbortController();
    for (let done = 0; done < documents.length; done += batchSize) {
      setProgress({ done, of: documents.length });
      await api.addDocuments(name, documents.slice(done, done + batchSize), stopping.current.signal);
    }
  };

  const add = async (event) => {
    event.preventDefault();
    setProblem(null);
    let documents;
    try {
      documents = readContent('', pasted);
      for (const file of files) documents = documents.concat(readContent(file.name, await file.text()));
      if (documents.length === 0) throw new Error('Nothing to add; paste texts or choose a file.');
    } catch (error) {
      setProblem(error.message);
      return;
    }
    const well = await attempt(() => send(documents));
    setProgress(null);
    refresh();
    if (!well) return;
    close();
    say(documents.length === 1 ? '1 text added.' : `${documents.length.toLocaleString('en')} texts added.`);
  };

  return (
    <Dialog title={`Add texts to ${current.value}`} onClose={close} locked={progress !== null}>
      <form onSubmit={add}>
        <label class="field">Texts, one a line
          <textarea rows={6} dir="auto" value={pasted} onInput={(event) => setPasted(event.currentTarget.value)} />
        </label>
        <label class="field">Or files (.csv, .tsv, .jsonl, .md, .txt)
          <input type="file" multiple accept=".csv,.tsv,.jsonl,.ndjson,.md,.markdown,.txt" onChange={(event) => setFiles([...event.currentTarget.files])} />
        </label>
        {problem ? <p class="problem" role="alert">{problem}</p> : null}
        {progress ? (
          <p class="progress">
            <progress max={progress.of} value={progress.done} aria-label="Texts added" />
            {progress.done.toLocaleString('en')} of {progress.of.toLocaleString('en')}
          </p>
        ) : null}
        <footer>
          {progress
            ? <button type="button" onClick={() => stopping.current?.abort()}>Stop</button>
            : <button type="submit" class="main">Add</button>}
        </footer>
      </form>
    </Dialog>
  );
};
