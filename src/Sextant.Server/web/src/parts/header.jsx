import { choose, showMap } from '../collections.js';
import { collections, current, dark, dialog, dropped, mapShown, say, turnDark } from '../state.js';

const counted = (one) => `${one.name} (${Number(one.documents).toLocaleString('en')})`;

const copyLink = async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    say('Link copied. It restores the query, the filters and the view.');
  } catch {
    say('The browser does not allow copying; copy the address instead.', 'error');
  }
};

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
      <button type="button" onClick={() => { dialog.value = 'create'; }}>New<span class="long"> collection</span></button>
      {current.value ? (
        <>
          <button type="button" onClick={() => { dropped.value = []; dialog.value = 'add'; }}>Add texts</button>
          <button type="button" onClick={() => { dialog.value = 'collection'; }}>About</button>
          <button type="button" aria-pressed={mapShown.value} onClick={() => showMap(!mapShown.value)}>Map</button>
          <button type="button" onClick={copyLink}>Copy link</button>
        </>
      ) : null}
      <button type="button" class="plain" aria-pressed={dark.value} aria-label="Dark theme" title="Switch between dark and light" onClick={turnDark}>{dark.value ? '☀' : '☾'}</button>
    </nav>
  </header>
);
