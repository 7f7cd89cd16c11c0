import { render } from 'preact';
import { AddDialog } from './parts/add.jsx';
import { CollectionDialog } from './parts/collection.jsx';
import { CreateDialog } from './parts/create.jsx';
import { DocumentDialog } from './parts/document.jsx';
import { Facets } from './parts/facets.jsx';
import { Header } from './parts/header.jsx';
import { KeyDialog } from './parts/key.jsx';
import { MapPane } from './parts/map.jsx';
import { Notice } from './parts/notice.jsx';
import { Results } from './parts/results.jsx';
import { SearchBox } from './parts/search.jsx';
import { Start } from './parts/start.jsx';
import { loadCollections } from './collections.js';
import { acceptDrops } from './drops.js';
import { listen } from './keyboard.js';
import { collections, current, dialog, hasColumn, isEmpty, mapShown, needsKey, opened } from './state.js';

const Page = () => (
  <>
    <Header />
    <main class={mapShown.value && current.value ? 'with-map' : ''}>
      {collections.value !== null && current.value === null ? <Start /> : null}
      {current.value && hasColumn.value ? <Facets open /> : null}
      {current.value ? (
        <section class="searching" aria-label="Search">
          <SearchBox />
          {hasColumn.value ? null : <Facets />}
          {isEmpty.value ? <Start /> : <Results />}
        </section>
      ) : null}
      {current.value && mapShown.value ? <MapPane /> : null}
    </main>
    {dialog.value === 'create' ? <CreateDialog /> : null}
    {dialog.value === 'add' ? <AddDialog /> : null}
    {dialog.value === 'collection' ? <CollectionDialog /> : null}
    {opened.value ? <DocumentDialog key={opened.value.id} /> : null}
    {needsKey.value ? <KeyDialog /> : null}
    <Notice />
  </>
);

render(<Page />, document.getElementById('page'));
listen();
acceptDrops();
loadCollections();
