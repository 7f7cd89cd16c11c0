// The map, in a frame of its own: its WebGL library compiles code at run time, which the page itself must not allow.
// The frame has no origin and no network; what it shows comes by message from the page, and what a person selects goes back.
const page = window.parent;
let map;
let lit = [];
let mounting = Promise.resolve();
// The map tells of each selection a moment later, whoever made it: the page need not hear of its own.
const echoes = [];

const keyOf = (points) => [...points].sort((a, b) => a - b).join();

const light = () => {
  echoes.push(keyOf(lit));
  map.select(lit);
};

const mount = async (data) => {
  map?.destroy();
  map = undefined;
  const mounted = await SextantMap.mountMap(document.getElementById('map'), data, {
    embedded: true,
    view: data.view,
    onview: (view) => { page.postMessage({ kind: 'view', view }, '*'); },
    oncolor: (color) => { page.postMessage({ kind: 'color', color }, '*'); },
    onselect: (points) => {
      const at = echoes.indexOf(keyOf(points));
      echoes.splice(0, at + 1);
      if (at < 0) page.postMessage({ kind: 'selected', points }, '*');
    },
  });
  map = mounted;
  if (lit.length > 0) light();
};

addEventListener('message', ({ source, data: message }) => {
  if (source !== page) return;
  if (message.kind === 'show') {
    lit = message.selected;
    mounting = mounting.catch(() => {}).then(() => mount(message.data));
  } else if (message.kind === 'select') {
    lit = message.points;
    if (map) light();
  } else if (message.kind === 'theme') map?.theme(message.dark);
});

page.postMessage({ kind: 'ready' }, '*');
