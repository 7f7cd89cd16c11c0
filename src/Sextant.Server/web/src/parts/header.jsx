import { choose, collections, current, dark, dialog, mapShown, showMap, turnDark } from '../state.js';

const counted = (one) => `${one.name} (${Number(one.documents).toLocaleString('en')})`;

export const Header = () => (
  <header class="top">
    <h1><img src="assets/icon.svg" alt="" width="28" height="28" />Sextant</h1>
    {collections.value?.length > 0 ? (
      <label class="chooser">
        <span class="unseen">Collection</span>
        <select value={current.value} onChange={(event) => choose(event.currentTarget.value)}>
          {collections.value.map((one) => <option key={one.name} value={one.name}>{counted(one)}</option>)}
        </select>
      </label>
    ) : null}
    <nav aria-label="Actions">
      <button type="button" onClick={() => { dialog.value = 'create'; }}>New collection</button>
      {current.value ? (
        <>
          <button type="button" onClick={() => { dialog.value = 'add'; }}>Add texts</button>
          <button type="button" onClick={() => { dialog.value = 'collection'; }}>About</button>
          <button type="button" aria-pressed={mapShown.value} onClick={() => showMap(!mapShown.value)}>Map</button>
        </>
      ) : null}
      <button type="button" class="plain" aria-pressed={dark.value} aria-label="Dark theme" title="Switch between dark and light" onClick={turnDark}>{dark.value ? '☀' : '☾'}</button>
    </nav>
  </header>
);
