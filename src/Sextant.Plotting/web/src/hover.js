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
export const createHover = (stage, canvas, plot, data) => {
  const nearest = createGrid(data.x, data.y);
  const ring = make('div', { className: 'ring', hidden: true });
  const tooltip = make('div', { className: 'tooltip', hidden: true, role: 'status' });
  stage.append(ring, tooltip);
  let shown = -1;

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

  canvas.addEventListener('mousemove', (event) => {
    if (event.buttons !== 0) return hide();
    // Half of the height is one camera's distance.
    const pixel = 2 * plot.get('cameraDistance') / stage.clientHeight, [x, y] = plot.get('cameraTarget');
    const point = nearest(
      x + (event.offsetX - stage.clientWidth / 2) * pixel, y - (event.offsetY - stage.clientHeight / 2) * pixel,
      (reach + plot.get('pointSize') / 2) * pixel);
    if (point < 0) hide(); else show(point);
  });
  stage.addEventListener('mouseleave', hide);
  plot.subscribe('view', hide);
  return { hide, show };
};
