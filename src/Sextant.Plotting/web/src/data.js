// What the page is given: {title, theme, color, count, single, unknown, positions, texts, fields, labels}; docs/plots.md describes it.

const littleEndianBytes = (base64) => {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
};

const readField = (field) => field.kind === 'number'
  ? numberField(field.name, new Float64Array(littleEndianBytes(field.values)))
  : categoryField(field.name, field.categories, field.colors, new Int32Array(littleEndianBytes(field.codes)));

const numberField = (name, values) => {
  let min = Infinity, max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const text = (point) => Number.isNaN(values[point]) ? null : String(values[point]);
  return { name, kind: 'number', values, min, max, text };
};

const categoryField = (name, categories, colors, codes) => {
  const text = (point) => codes[point] < 0 ? null : categories[codes[point]];
  return { name, kind: 'category', categories, colors, codes, text };
};

/** Decodes the page's data: positions as two arrays, fields with a way to read each value as text. */
export const readData = (data) => {
  const positions = new Float32Array(littleEndianBytes(data.positions));
  const count = positions.length / 2;
  const x = new Float32Array(count), y = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    x[i] = positions[2 * i];
    y[i] = positions[2 * i + 1];
  }
  return { ...data, count, x, y, texts: data.texts ?? null, fields: (data.fields ?? []).map(readField), labels: data.labels ?? [] };
};

/** The points whose text or any of whose values hold all words of the query, whatever their case. */
export const search = (data, query) => {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const hits = [];
  if (words.length === 0) return hits;
  for (let point = 0; point < data.count; point++) {
    const own = [data.texts?.[point] ?? '', ...data.fields.map((field) => field.text(point) ?? '')].join('\n').toLocaleLowerCase();
    if (words.every((word) => own.includes(word))) hits.push(point);
  }
  return hits;
};
