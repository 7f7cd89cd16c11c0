// The map, in a frame of its own: its WebGL library compiles code at run time, which the page itself must not allow.
// The frame has no origin and no network; what it shows comes by message from the page, and what is selected goes back.
const page = window.parent;
let map;

const mount = async ({ data, selected }) => {
  map?.destroy();
  map = undefined;
  map = await SextantMap.mountMap(document.getElementById('map'), data, {
    onselect: (points) => page.postMessage({ kind: 'selected', points }, '*'),
  });
  if (selected.length > 0) map.select(selected);
  page.postMessage({ kind: 'shown' }, '*');
};

addEventListener('message', ({ source, data: message }) => {
  if (source !== page) return;
  if (message.kind === 'show') mount(message);
  else if (message.kind === 'select') map?.select(message.points);
  else if (message.kind === 'theme') map?.theme(message.dark);
});

page.postMessage({ kind: 'ready' }, '*');
