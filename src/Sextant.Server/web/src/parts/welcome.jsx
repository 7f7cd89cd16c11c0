import { dialog } from '../state.js';

export const Welcome = () => (
  <section class="welcome">
    <h2>No collection yet</h2>
    <p>A collection holds texts that you can search by meaning. Create one, then paste texts or choose a file.</p>
    <button type="button" class="main" onClick={() => { dialog.value = 'create'; }}>New collection</button>
  </section>
);
