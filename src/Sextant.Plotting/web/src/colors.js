// tab10, then the paler half of tab20; viridis in 16 steps between which we blend.
const kinds = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#bcbd22', '#17becf', '#aec7e8',
  '#ffbb78', '#98df8a', '#ff9896', '#c5b0d5', '#c49c94', '#f7b6d2', '#dbdb8d', '#9edae5', '#6b6ecf'];
const unknown = '#8a8f98';
const viridis = ['#440154', '#481a6c', '#472f7d', '#414487', '#39568c', '#31688e', '#2a788e', '#23888e', '#1f988b', '#22a884',
  '#35b779', '#54c568', '#7ad151', '#a5db36', '#d2e21b', '#fde725'];
const steps = 256;

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

const shade = (t) => {
  const at = t * (viridis.length - 1), low = Math.min(Math.floor(at), viridis.length - 2);
  const [a, b] = [channels(viridis[low]), channels(viridis[low + 1])];
  return '#' + a.map((v, i) => Math.round(v + (b[i] - v) * (at - low)).toString(16).padStart(2, '0')).join('');
};

const byNumber = (field) => {
  const codes = new Float32Array(field.values.length);
  const range = field.max - field.min;
  for (let i = 0; i < codes.length; i++) {
    const value = field.values[i];
    codes[i] = Number.isNaN(value) ? steps : range > 0 ? Math.round((value - field.min) / range * (steps - 1)) : 0;
  }
  return { codes, palette: [...Array.from({ length: steps }, (_, i) => shade(i / (steps - 1))), unknown], scale: [field.min, field.max] };
};

const byCategory = (field) => {
  const counts = new Array(field.categories.length).fill(0);
  for (const code of field.codes) if (code >= 0) counts[code]++;
  const order = counts.map((_, i) => i);
  // Few kinds keep their order; of too many, the most frequent are told apart.
  if (order.length > kinds.length) order.sort((a, b) => counts[b] - counts[a]);
  const shown = order.slice(0, kinds.length);
  const colorOf = new Array(counts.length).fill(kinds.length);
  shown.forEach((category, i) => { colorOf[category] = i; });
  const codes = Float32Array.from(field.codes, (code) => code < 0 ? kinds.length : colorOf[code]);
  const legend = shown.map((category, i) => ({ text: field.categories[category] || '(empty)', color: kinds[i], count: counts[category], category }));
  return { codes, palette: [...kinds, unknown], legend, others: order.length - shown.length };
};

/** What a field looks like: a colour code for each point, the colours, and what explains them. */
export const colorsOf = (field, count) => !field
  ? { codes: new Float32Array(count), palette: [kinds[0], unknown], legend: [], others: 0 }
  : field.kind === 'number' ? byNumber(field) : byCategory(field);

/** A CSS gradient of the number scale. */
export const gradient = `linear-gradient(to right, ${viridis.join(', ')})`;
