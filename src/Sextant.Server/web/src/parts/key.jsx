import { useState } from 'preact/hooks';
import { enterKey } from '../collections.js';
import { needsKey } from '../state.js';
import { Dialog } from './dialog.jsx';

export const KeyDialog = () => {
  const [written, setWritten] = useState('');
  const enter = (event) => {
    event.preventDefault();
    enterKey(written);
  };
  return (
    <Dialog title="This service needs a key" onClose={() => { needsKey.value = false; }}>
      <form onSubmit={enter}>
        <label class="field">Key
          <input type="password" required autofocus autocomplete="off" value={written} onInput={(event) => setWritten(event.currentTarget.value)} />
        </label>
        <p class="hint">The key is kept until you close this tab.</p>
        <footer><button type="submit" class="main">Enter</button></footer>
      </form>
    </Dialog>
  );
};
