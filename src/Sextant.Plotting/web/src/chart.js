import createScatterplot, { createRenderer } from 'regl-scatterplot';

const light = { background: '#ffffff', hover: '#000000', lasso: '#d62728' };
const dark = { background: '#14171c', hover: '#ffffff', lasso: '#ffbb78' };

const pointSize = (count) => Math.min(10, Math.max(1.5, 22 * count ** -0.21));

// As large as the map, not as the window; and the points' own shader smooths them, so that smoothing the picture would be work for nothing.
const createSurface = () => {
  const canvas = document.createElement('canvas');
  canvas.getContext('webgl', { antialias: false, preserveDrawingBuffer: true });
  return createRenderer({ canvas });
};

// Whoever holds the map may hide it, and nothing can be laid out on no paper at all.
const paper = (stage) => ({ width: Math.max(1, stage.clientWidth), height: Math.max(1, stage.clientHeight) });

/** The canvas with the points. */
export const createChart = async (stage, canvas, data) => {
  const size = pointSize(data.count);
  const renderer = createSurface();
  const { width, height } = paper(stage);
  renderer.resize(width, height);
  const plot = createScatterplot({
    renderer,
    canvas,
    width,
    height,
    aspectRatio: 1,
    pointSize: size,
    pointSizeSelected: Math.max(2, size / 2),
    pointOutlineWidth: 1,
    opacity: 0.7,
    opacityInactiveMax: 0.7,
    opacityInactiveScale: 0.15,
    colorBy: 'valueA',
    cameraDistance: 1.1,
    // A page opened from the disk may not start workers, and the index takes a blink.
    spatialIndexUseWorker: false,
    deselectOnDblClick: true,
  });

  // What is under the pointer is shown above the canvas (hover.js); the library would draw all points again for it.
  const fromLibrary = (event) => { if (event.target === canvas && event.isTrusted) event.stopImmediatePropagation(); };
  for (const name of ['mouseenter', 'mouseleave']) stage.addEventListener(name, fromLibrary, true);
  const leave = () => canvas.dispatchEvent(new MouseEvent('mouseleave'));
  const blurred = () => setTimeout(leave);
  window.addEventListener('blur', blurred);
  leave();

  let index;
  const resize = new ResizeObserver(() => {
    const now = paper(stage);
    renderer.resize(now.width, now.height);
    plot.set(now);
  });
  resize.observe(stage);

  const keys = {
    ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  };
  canvas.addEventListener('keydown', (event) => {
    const target = plot.get('cameraTarget'), distance = Array.isArray(plot.get('cameraDistance')) ? plot.get('cameraDistance')[0] : plot.get('cameraDistance');
    if (event.key in keys) {
      const [dx, dy] = keys[event.key];
      plot.zoomToLocation([target[0] + dx * distance * 0.15, target[1] + dy * distance * 0.15], distance);
    } else if (event.key === '+' || event.key === '=') plot.zoomToLocation([target[0], target[1]], distance * 0.8);
    else if (event.key === '-') plot.zoomToLocation([target[0], target[1]], distance * 1.25);
    else if (event.key === '0') plot.zoomToOrigin();
    else return;
    event.preventDefault();
  });

  return {
    plot,
    async paint(colors) {
      plot.set({ pointColor: colors.palette, pointColorActive: colors.palette });
      const selected = plot.get('selectedPoints');
      await plot.draw({ x: data.x, y: data.y, z: colors.codes }, { zDataType: 'categorical', spatialIndex: index, select: selected });
      index ??= plot.get('spatialIndex');
    },
    theme(isDark) {
      const theme = isDark ? dark : light;
      plot.set({ backgroundColor: theme.background, pointColorHover: theme.hover, lassoColor: theme.lasso });
    },
    destroy() {
      resize.disconnect();
      window.removeEventListener('blur', blurred);
      plot.destroy();
      renderer.destroy();
    },
  };
};
