// Categories bring their colors. Numbers: viridis in 16 steps between which we blend.
const viridis = ['#440154', '#481a6c', '#472f7d', '#414487', '#39568c', '#31688e', '#2a788e', '#23888e', '#1f988b', '#22a884',
  '#35b779', '#54c568', '#7ad151', '#a5db36', '#d2e21b', '#fde725'];
const steps = 256;

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

const shade = (t) => {
  const at = t * (viridis.length - 1), low = Math.min(Math.floor(at), viridis.length - 2);
  const [a, b] = [channels(viridis[low]), channels(viridis[low + 1])];
  return '#' + a.map((v, i) => Math.round(v + (b[i] - v) * (at - low)).toString(16).padStart(2, '0')).join('');
};

const byNumber = (field, unknown) => {
  const codes = new Float32Array(field.values.length);
  const range = field.max - field.min;
  for (let i = 0; i < codes.length; i++) {
    const value = field.values[i];
    codes[i] = Number.isNaN(value) ? steps : range > 0 ? Math.round((value - field.min) / range * (steps - 1)) : 0;
  }
  return { codes, palette: [...Array.from({ length: steps }, (_, i) => shade(i / (steps - 1))), unknown], scale: [field.min, field.max] };
};

const byCategory = (field, unknown) => {
  const counts = new Array(field.categories.length).fill(0);
  for (const code of field.codes) if (code >= 0) counts[code]++;
  const palette = [...new Set(field.colors.filter(Boolean)), unknown];
  const colorOf = field.colors.map((color) => palette.indexOf(color ?? unknown));
  const codes = Float32Array.from(field.codes, (code) => code < 0 ? palette.length - 1 : colorOf[code]);
  const shown = field.categories.map((_, category) => category).filter((category) => field.colors[category]);
  const legend = shown.map((category) => ({ text: field.categories[category] || '(empty)', color: field.colors[category], count: counts[category], category }));
  return { codes, palette, legend, others: field.categories.length - shown.length };
};

/** What a field looks like: a colour code for each point, the colours, and what explains them. */
export const colorsOf = (field, { count, single, unknown }) => !field
  ? { codes: new Float32Array(count), palette: [single, unknown], legend: [], others: 0 }
  : field.kind === 'number' ? byNumber(field, unknown) : byCategory(field, unknown);

/** A CSS gradient of the number scale. */
export const gradient = `linear-gradient(to right, ${viridis.join(', ')})`;
