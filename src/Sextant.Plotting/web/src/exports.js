const record = (data, point) => {
  const values = {};
  if (data.texts) values.text = data.texts[point];
  for (const field of data.fields) {
    const value = field.kind === 'number' ? field.values[point] : field.text(point);
    values[field.name] = Number.isNaN(value) ? null : value;
  }
  return values;
};

/** One JSON object a line. */
export const toJsonLines = (data, points) => points.map((point) => `${JSON.stringify(record(data, point))}\n`).join('');

// A cell that a spreadsheet would take for a formula gets an apostrophe: the text may come from anyone.
const cell = (value) => {
  let text = value === null || value === undefined ? '' : String(value);
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A heading and one line a point. */
export const toCsv = (data, points) => {
  const names = [...(data.texts ? ['text'] : []), ...data.fields.map((field) => field.name)];
  const lines = points.map((point) => {
    const values = record(data, point);
    return names.map((name) => cell(values[name])).join(',');
  });
  return `${names.map(cell).join(',')}\r\n${lines.map((line) => `${line}\r\n`).join('')}`;
};

/** Hands a file to the browser. */
export const download = (name, type, content) => {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
