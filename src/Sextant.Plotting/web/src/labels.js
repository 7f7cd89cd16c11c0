import { make } from './dom.js';

const gap = 2;

/** The names of the clusters over their middles, inside of the view. The larger cluster's name stays where two would cover each other. */
export const createLabels = (layer, plot, data) => {
  const labels = data.labels.map((label) => ({ ...label, element: make('span', { className: 'label', dir: 'auto', hidden: true, textContent: label.text }) }));
  layer.append(...labels.map((label) => label.element));
  let sizes, shown = [];

  const place = () => {
    const [width, height] = [layer.clientWidth, layer.clientHeight];
    if (width === 0 || layer.hidden) return;
    if (!sizes || sizes.width !== width) {
      sizes = labels.map(({ element }) => {
        element.hidden = false;
        return [element.offsetWidth, element.offsetHeight];
      });
      sizes.width = width;
    }
    shown = [];
    labels.forEach((label, i) => {
      const { point, element } = label;
      const at = plot.getScreenPosition(point), [w, h] = sizes[i];
      const inView = at && at[0] > 0 && at[0] < width && at[1] > 0 && at[1] < height;
      let box;
      if (inView) {
        const left = Math.max(gap, Math.min(width - w - gap, at[0] - w / 2)), top = Math.max(gap, Math.min(height - h - gap, at[1] - h / 2));
        box = { left, right: left + w, top, bottom: top + h, label };
      }
      const seen = box && !shown.some((other) =>
        box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
      element.hidden = !seen;
      if (!seen) return;
      shown.push(box);
      element.style.transform = `translate(${box.left}px, ${box.top}px)`;
    });
  };
  plot.subscribe('draw', place);
  return {
    place,
    /** The cluster whose name is at a place of the stage. */
    at: (x, y) => layer.hidden ? undefined : shown.find((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)?.label,
  };
};
