import createScatterplot, { createRenderer } from 'regl-scatterplot';
import { createView } from './view.js';

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
export const createChart = async (stage, canvas, data, onview, resized) => {
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
    opacityInactiveScale: 0.3,
    colorBy: 'valueA',
    actionKeyMap: { lasso: 'shift', merge: 'cmd' },
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

  const view = createView(plot, stage, data, onview);
  let index;
  const resize = new ResizeObserver(() => {
    const now = paper(stage);
    renderer.resize(now.width, now.height);
    plot.set(now);
    if (index) view.refit();
    resized();
  });
  resize.observe(stage);
  const leaveFit = (event) => { if (event.type === 'wheel' || event.buttons === 1) view.moved(); };
  for (const name of ['wheel', 'mousemove']) canvas.addEventListener(name, leaveFit, { passive: true });

  return {
    plot,
    view,
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
