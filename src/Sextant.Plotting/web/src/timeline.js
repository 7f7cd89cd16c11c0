import { make } from './dom.js';

const isoDate = /^\d{4}-\d{2}(-\d{2}([T ].*)?)?$/, namesYear = /year|jahr|ann[ée]e|año|date|published|created|updated/i;
const day = 86_400_000, bars = 48;

const dated = (field) => {
  if (field.kind !== 'category' || field.categories.length < 2 || !field.categories.every((value) => isoDate.test(value))) return null;
  const times = field.categories.map((value) => Math.floor(Date.parse(value) / day));
  if (times.some(Number.isNaN)) return null;
  return {
    name: field.name,
    values: Float64Array.from(field.codes, (code) => code < 0 ? Number.NaN : times[code]),
    show: (value) => new Date(value * day).toISOString().slice(0, 10),
  };
};

const inYears = (field) => {
  if (!namesYear.test(field.name)) return null;
  const values = field.kind === 'number' ? field.values : Float64Array.from(field.codes, (code) => code < 0 ? Number.NaN : Number(field.categories[code]));
  const isYear = (value) => Number.isNaN(value) || (Number.isInteger(value) && value >= 1000 && value < 3000);
  if (!values.every(isYear) || (field.kind === 'category' && field.categories.some((value) => !/^\d{4}$/.test(value)))) return null;
  return { name: field.name, values, show: String };
};

const limits = (values) => {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
};

/** The first field of dates, or of years: its name, a number for each point, and how that is written. */
export const timeOf = (data) => {
  const found = data.fields.map(dated).find(Boolean) ?? data.fields.map(inYears).find(Boolean);
  if (!found) return null;
  const [min, max] = limits(found.values);
  return min < max ? { ...found, min, max } : null;
};

const histogram = ({ values, min, max }) => {
  const counts = new Array(Math.min(bars, max - min + 1)).fill(0);
  for (const value of values) if (!Number.isNaN(value)) counts[Math.min(counts.length - 1, Math.floor((value - min) / (max - min + 1) * counts.length))]++;
  const most = Math.max(...counts);
  return counts.map((count) => {
    const bar = make('i');
    bar.style.height = `${count === 0 ? 0 : Math.max(8, 100 * count / most)}%`;
    return bar;
  });
};

/** Two handles that leave only the points between two dates; `null` where the data has no dates. */
export const createTimeline = (data, onrange) => {
  const time = timeOf(data);
  if (!time) return null;
  const { name, values, min, max, show } = time;
  const shown = make('output');
  const handle = (value, label) => make('input', { type: 'range', min, max, step: 1, value, 'aria-label': label, oninput: () => changed() });
  const [from, to] = [handle(min, `${name} from`), handle(max, `${name} to`)];
  const strip = make('div', { className: 'bars', 'aria-hidden': 'true' }, ...histogram(time));
  let waiting = 0;

  const write = () => {
    const [low, high] = range();
    shown.textContent = low === high ? show(low) : `${show(low)} – ${show(high)}`;
    from.setAttribute('aria-valuetext', show(Number(from.value)));
    to.setAttribute('aria-valuetext', show(Number(to.value)));
    [...strip.children].forEach((bar, i, all) => {
      const at = min + (i + 0.5) / all.length * (max - min + 1);
      bar.classList.toggle('out', at < low || at > high + 1);
    });
    reset.hidden = low === min && high === max;
  };
  const range = () => [Number(from.value), Number(to.value)].sort((a, b) => a - b);
  const apply = () => {
    waiting = 0;
    const [low, high] = range();
    if (low === min && high === max) return onrange(null);
    const points = [];
    for (let point = 0; point < values.length; point++) if (values[point] >= low && values[point] <= high) points.push(point);
    onrange(points);
  };
  const changed = () => {
    write();
    waiting ||= requestAnimationFrame(apply);
  };
  const reset = make('button', { type: 'button', textContent: 'All dates', onclick: () => { [from.value, to.value] = [min, max]; changed(); from.focus(); } });
  write();
  return make('div', { className: 'timeline', role: 'group', 'aria-label': `Show points by ${name}` },
    make('span', { className: 'name', dir: 'auto', textContent: name }), make('div', { className: 'range' }, strip, from, to), shown, reset);
};
