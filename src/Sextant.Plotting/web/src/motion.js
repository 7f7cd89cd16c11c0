const frame = 33, slow = 50, rest = 200, restFrames = 3, fewest = 15_000, settling = 2, widest = 3;

const shuffled = (count) => {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  let state = 1;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor(state / 2 ** 32 * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
};

// Milliseconds from the decision to draw all points until they are there.
const timeOfAll = async (plot) => {
  const regl = plot.get('regl');
  // What one reads back is drawn first.
  const finish = () => regl.read({ x: 0, y: 0, width: 1, height: 1 });
  finish();
  const drawn = new Promise((resolve) => { plot.subscribe('draw', resolve, 1); });
  const began = performance.now();
  plot.redraw();
  await drawn;
  finish();
  return performance.now() - began;
};

/**
 * Keeps a moving view fluid where drawing all points takes too long, as it does without a graphics card: while the view moves, a sample is
 * drawn, as large as thirty frames a second allow, and all points when it rests. Where all can be drawn in time, nothing is left out.
 * `onthin(isThinned)` hears of it.
 */
export const createMotion = async (plot, stage, count, onthin) => {
  const order = shuffled(count), size = plot.get('pointSize');
  // What the date slider leaves, and the same in the order of sampling.
  let visible = null, sample = order;
  let affordable = count, moving = false, kept, before, wait, last, moved, still, watching;

  const afford = (shown, took) => { affordable = Math.min(count, Math.max(fewest, Math.floor(shown * frame / took))); };
  if (count > fewest) {
    const took = await timeOfAll(plot);
    if (took > slow) afford(count, took);
  }

  const thin = () => {
    onthin(true);
    kept ??= plot.get('selectedPoints');
    // What is lit up stays, as far as it can: the filter forgets what it leaves out.
    const step = Math.ceil(4 * kept.length / affordable);
    const lit = step > 1 ? kept.filter((_, i) => i % step === 0) : kept;
    plot.filter([...new Set([...sample.subarray(0, affordable), ...lit])], { preventEvent: true });
    // Fewer points cover as much paper.
    plot.set({ pointSize: size * Math.min(widest, Math.sqrt(Math.max(1, sample.length / affordable))) });
    wait = settling;
  };

  const watch = (now) => {
    const took = now - before;
    before = now;
    // One late frame may have any reason.
    if (wait > 0) wait--;
    else if (Math.min(took, last) > slow && affordable > fewest && sample.length > fewest) {
      afford(affordable, Math.min(took, last));
      thin();
    }
    last = took;
    // Frames are counted too: where one takes long, the next movement is heard of late.
    if (++still > restFrames && now - moved > rest) stop();
    else watching = requestAnimationFrame(watch);
  };

  const showVisible = () => {
    if (visible) plot.filter(visible, { preventEvent: true });
    else plot.unfilter({ preventEvent: true });
  };

  const stop = () => {
    if (!moving) return;
    moving = false;
    cancelAnimationFrame(watching);
    if (!kept) return;
    onthin(false);
    showVisible();
    plot.set({ pointSize: size });
    if (plot.get('selectedPoints').length < kept.length) plot.select(kept, { preventEvent: true });
    kept = undefined;
  };

  const move = () => {
    [moved, still] = [performance.now(), 0];
    if (moving) return;
    [moving, before, last, wait] = [true, moved, 0, settling];
    if (affordable < sample.length) thin();
    watching = requestAnimationFrame(watch);
  };

  // Before the library hears of it: what it draws next is the sample, and what a click or a lasso asks for is asked of all points.
  stage.addEventListener('wheel', move, { capture: true, passive: true });
  const drag = (event) => { if (event.buttons === 1) move(); };
  stage.addEventListener('mousemove', drag, true);
  window.addEventListener('mouseup', stop, true);
  plot.subscribe('view', move);
  return {
    stop,
    /** Leaves these points only; all without any. */
    filter(points) {
      stop();
      visible = points;
      const members = points && new Set(points);
      sample = members ? order.filter((point) => members.has(point)) : order;
      showVisible();
    },
    destroy() {
      cancelAnimationFrame(watching);
      window.removeEventListener('mouseup', stop, true);
    },
  };
};
