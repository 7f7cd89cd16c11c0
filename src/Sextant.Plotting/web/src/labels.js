import { make } from './dom.js';

/** The names of the clusters, over their middles; the larger cluster's name stays where two would cover each other. */
export const createLabels = (layer, plot, data) => {
  const labels = data.labels.map((label) => ({ point: label.point, element: make('span', { className: 'label', textContent: label.text }) }));
  layer.append(...labels.map((label) => label.element));
  const sizes = labels.map((label) => [label.element.offsetWidth, label.element.offsetHeight]);

  const place = () => {
    const taken = [];
    const [width, height] = [layer.clientWidth, layer.clientHeight];
    labels.forEach(({ point, element }, i) => {
      const at = plot.getScreenPosition(point);
      const [w, h] = sizes[i];
      const box = at && { left: at[0] - w / 2, right: at[0] + w / 2, top: at[1] - h / 2, bottom: at[1] + h / 2 };
      const seen = box && box.right > 0 && box.left < width && box.bottom > 0 && box.top < height
        && !taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
      element.hidden = !seen;
      if (!seen) return;
      taken.push(box);
      element.style.transform = `translate(${box.left}px, ${box.top}px)`;
    });
  };
  plot.subscribe('draw', place);
  return { place };
};
