import { excerpt, make } from './dom.js';
import { createGrid } from './grid.js';

const tooltipLength = 600;
const reach = 6;

const describe = (data, point) => [
  data.texts ? make('p', { dir: 'auto', textContent: excerpt(data.texts[point], tooltipLength) }) : null,
  make('dl', {}, ...data.fields.flatMap((field) => {
    const value = field.text(point);
    return value === null ? [] : [make('dt', { textContent: field.name }), make('dd', { dir: 'auto', textContent: excerpt(value, 200) })];
  })),
];

/** What is under the pointer: a ring around the point, and its text. Both are elements above the canvas, so that nothing is drawn again. */
export const createHover = (stage, canvas, plot, view, data, isVisible) => {
  const nearest = createGrid(data.x, data.y);
  const ring = make('div', { className: 'ring', hidden: true });
  const tooltip = make('div', { className: 'tooltip', hidden: true, 'aria-hidden': 'true' });
  stage.append(ring, tooltip);
  let shown = -1, names, open;

  const hide = () => {
    shown = -1;
    ring.hidden = tooltip.hidden = true;
  };
  const show = (point) => {
    if (point === shown) return;
    shown = point;
    const [x, y] = plot.getScreenPosition(point);
    ring.style.transform = `translate(${x}px, ${y}px)`;
    tooltip.replaceChildren(...describe(data, point).filter(Boolean));
    ring.hidden = tooltip.hidden = false;
    tooltip.style.left = `${Math.max(0, Math.min(x + 14, stage.clientWidth - tooltip.offsetWidth - 8))}px`;
    tooltip.style.top = `${Math.max(0, Math.min(y + 14, stage.clientHeight - tooltip.offsetHeight - 8))}px`;
  };

  const pointAt = (event) => {
    const pixel = 1 / view.scale(), [x, y] = view.fromScreen(event.offsetX, event.offsetY);
    return nearest(x, y, (reach + plot.get('pointSize') / 2) * pixel, isVisible);
  };
  canvas.addEventListener('mousemove', (event) => {
    if (event.buttons !== 0) return hide();
    const point = pointAt(event);
    canvas.style.cursor = point < 0 && names?.at(event.offsetX, event.offsetY) ? 'pointer' : '';
    if (point < 0) hide(); else show(point);
  });
  // A click on a name, where no point is, goes to the cluster; the selection stays.
  let pressed;
  canvas.addEventListener('mousedown', (event) => { pressed = [event.offsetX, event.offsetY]; });
  stage.addEventListener('click', (event) => {
    if (event.target !== canvas || !pressed || Math.hypot(event.offsetX - pressed[0], event.offsetY - pressed[1]) > 4) return;
    const name = plot.get('mouseMode') === 'panZoom' && pointAt(event) < 0 ? names?.at(event.offsetX, event.offsetY) : undefined;
    if (!name?.box) return;
    event.stopImmediatePropagation();
    open(name);
  }, true);
  stage.addEventListener('mouseleave', hide);
  plot.subscribe('view', hide);
  return {
    hide,
    show,
    over(labels, onopen) { [names, open] = [labels, onopen]; },
  };
};
