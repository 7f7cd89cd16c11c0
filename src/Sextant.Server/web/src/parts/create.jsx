import { useEffect, useState } from 'preact/hooks';
import * as api from '../api.js';
import { choose, loadCollections } from '../collections.js';
import { attempt, dialog, dropped, say } from '../state.js';
import { Dialog } from './dialog.jsx';

const close = () => { dialog.value = null; };

export const CreateDialog = () => {
  const [models, setModels] = useState([]);
  const [name, setName] = useState('');
  const [model, setModel] = useState('');
  useEffect(() => { attempt(async () => setModels((await api.listModels()).data.map((one) => one.id))); }, []);

  const create = async (event) => {
    event.preventDefault();
    if (!await attempt(() => api.createCollection(name.trim(), model.trim()))) return;
    say(`Collection ${name.trim()} created.`);
    await loadCollections();
    choose(name.trim());
    dropped.value = [];
    dialog.value = 'add';
  };

  return (
    <Dialog title="New collection" onClose={close}>
      <form onSubmit={create}>
        <label class="field">Name
          <input required autofocus maxLength={100} pattern="[A-Za-z0-9][A-Za-z0-9._\-]*" title="Letters, digits, dots, hyphens and underscores" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label class="field">Model
          <input list="models" placeholder="sextant-small" value={model} onInput={(event) => setModel(event.currentTarget.value)} />
        </label>
        <datalist id="models">{models.map((one) => <option key={one} value={one} />)}</datalist>
        <footer><button type="submit" class="main">Create</button></footer>
      </form>
    </Dialog>
  );
};
