// Visible half-height is one camera distance; both axes have the same scale.
const margin = 1.08;
const closest = 0.02;

// The first square has nearly all points; a few around it are shown as well, while those far away would make everything small.
const reach = 1.8;

/** The smallest box around the points, which leaves out outliers; `points` restricts it. */
export const boxOf = (data, points) => {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  const add = (point) => {
    const x = data.x[point], y = data.y[point];
    if (Math.abs(x) > reach || Math.abs(y) > reach) return;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  };
  if (points) for (const point of points) add(point);
  else for (let point = 0; point < data.count; point++) add(point);
  return left <= right ? [left, right, bottom, top] : [-1, 1, -1, 1];
};

/** Where the camera is, and the ways to move it. The first view fits the space and keeps fitting it until somebody moves. */
export const createView = (plot, stage, data, onview = () => {}) => {
  const whole = boxOf(data);
  const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  let fitted = true;

  const cameraFor = ([left, right, bottom, top], least = closest) => {
    const aspect = Math.max(1, stage.clientWidth) / Math.max(1, stage.clientHeight);
    const distance = Math.max(least, (top - bottom) / 2 * margin, (right - left) / 2 * margin / aspect);
    return [[(left + right) / 2, (bottom + top) / 2], distance];
  };
  const distance = () => [plot.get('cameraDistance')].flat()[0];
  const target = () => plot.get('cameraTarget');
  const go = (to, from, animate = smooth) => plot.zoomToLocation(to, from, { transition: animate, transitionDuration: 350 });

  const fit = (animate = smooth) => {
    fitted = true;
    return go(...cameraFor(whole), animate);
  };
  const moveTo = (to, from, animate) => {
    fitted = false;
    return go(to, from, animate);
  };
  plot.subscribe('view', () => { onview(fitted ? null : [...target(), distance()]); });

  return {
    initial: () => cameraFor(whole),
    fit,
    moveTo,
    moved() { fitted = false; },
    refit() { if (fitted) fit(false); },
    box: (box) => moveTo(...cameraFor(box, 0.08)),
    pan: (dx, dy) => moveTo([target()[0] + dx * distance() * 0.3, target()[1] + dy * distance() * 0.3], distance(), false),
    zoom: (by) => moveTo([...target()].slice(0, 2), distance() * by, false),
    distance,
    target,
    /** How much closer the view is than the one that shows everything. */
    magnification: () => cameraFor(whole)[1] / distance(),
    /** Pixels per unit, and where a place is on the screen. */
    scale: () => stage.clientHeight / 2 / distance(),
    toScreen(x, y) {
      const scale = stage.clientHeight / 2 / distance(), [cx, cy] = target();
      return [(x - cx) * scale + stage.clientWidth / 2, (cy - y) * scale + stage.clientHeight / 2];
    },
    fromScreen(x, y) {
      const scale = stage.clientHeight / 2 / distance(), [cx, cy] = target();
      return [(x - stage.clientWidth / 2) / scale + cx, cy - (y - stage.clientHeight / 2) / scale];
    },
  };
};
