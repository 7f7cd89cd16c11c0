import { excerpt, make } from './dom.js';

const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const longest = 240;

/** The next point in a direction: near, and rather straight ahead. */
const next = (data, from, [dx, dy], isVisible) => {
  let found = -1, best = Infinity;
  for (let point = 0; point < data.count; point++) {
    const x = data.x[point] - data.x[from], y = data.y[point] - data.y[from];
    const along = x * dx + y * dy, across = Math.abs(x * dy - y * dx);
    if (along <= 1e-6 || across > 2 * along) continue;
    const far = along + 2 * across;
    if (far < best && isVisible(point)) [found, best] = [point, far];
  }
  return found;
};

const nearest = (data, [x, y], isVisible) => {
  let found = -1, best = Infinity;
  for (let point = 0; point < data.count; point++) {
    const far = (data.x[point] - x) ** 2 + (data.y[point] - y) ** 2;
    if (far < best && isVisible(point)) [found, best] = [point, far];
  }
  return found;
};

/** The map by keyboard: arrows move the view, or, after Enter, a cursor from point to point, whose text a screen reader speaks. */
export const createCursor = (canvas, view, hover, data, act) => {
  const hint = make('p', { className: 'keys', 'aria-hidden': 'true' });
  const spoken = make('p', { className: 'unseen', role: 'status' });
  let at = -1;

  const describe = (point) => [
    excerpt(data.texts?.[point] ?? `point ${point + 1}`, longest),
    ...data.fields.slice(0, 4).flatMap((field) => field.text(point) === null ? [] : [`${field.name}: ${excerpt(field.text(point), 60)}`]),
  ].join('. ');
  const explain = () => {
    hint.textContent = at < 0
      ? 'Arrows move · + − zoom · 0 shows all · Enter goes to the points'
      : 'Arrows go from point to point · Enter opens · Escape leaves';
  };
  const leave = () => {
    at = -1;
    hover.hide();
    explain();
  };
  const show = async (point) => {
    at = point;
    explain();
    spoken.textContent = describe(point);
    const [x, y] = view.toScreen(data.x[point], data.y[point]);
    if (x < 12 || y < 12 || x > canvas.clientWidth - 12 || y > canvas.clientHeight - 12) {
      await view.moveTo([data.x[point], data.y[point]], view.distance(), false);
      await new Promise(requestAnimationFrame);
    }
    if (at === point) hover.show(point);
  };

  const press = (key) => {
    if (key in keys) {
      if (at < 0) view.pan(...keys[key]);
      else {
        const point = next(data, at, keys[key], act.isVisible);
        if (point >= 0) show(point); else spoken.textContent = 'No point in this direction.';
      }
    } else if (key === '+' || key === '=') view.zoom(0.8);
    else if (key === '-') view.zoom(1.25);
    else if (key === '0') view.fit();
    else if (key === 'Enter' || key === ' ') {
      if (at >= 0) act.choose(at);
      else {
        const point = nearest(data, view.target(), act.isVisible);
        if (point >= 0) show(point);
      }
    } else if (key === 'Escape' && at >= 0) leave();
    else return false;
    return true;
  };
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !press(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  canvas.addEventListener('blur', leave);
  explain();
  return { elements: [hint, spoken], show };
};
