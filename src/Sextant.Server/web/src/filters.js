// Metadata values as conditions of the filter language (docs/filters.md).
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const field = (name) => `"${name.replaceAll('"', '""')}"`;

/** The condition that a field has this value; for a list, that the list holds it. `name` is written as filters write it. */
export const conditionFor = (name, value, inList) => {
  const written = typeof value === 'string' ? quoted(value) : String(value);
  return inList ? `${name} contains ${written}` : `${name} = ${written}`;
};

/** What stands on chips: each single value of the metadata, with its condition. Objects and long texts have none. */
export const chipsOf = (metadata) => Object.entries(metadata ?? {}).flatMap(([name, value]) => {
  const values = Array.isArray(value) ? value : [value];
  return values
    .filter((one) => ['string', 'number', 'boolean'].includes(typeof one) && String(one).length <= 80)
    .map((one) => ({ name, value: one, condition: conditionFor(field(name), one, Array.isArray(value)) }));
});

/** All conditions at once. */
export const together = (conditions) => conditions.length === 0 ? undefined : conditions.map((one) => `(${one})`).join(' and ');

/** A condition as people read it: without the quotes around a plain name. */
export const readable = (condition) => condition.replace(/^"([A-Za-z_][A-Za-z0-9_]*)" /, '$1 ');

const placed = /^filter, character (\d+): (.*?)(?:: [^▸]*▸.*)?$/s;
const unknown = /^no document has the field '(.*?)'/;

/** What is wrong with a filter, and from which character on; the place is -1 where the whole filter is meant. */
export const explain = (written, message) => {
  const match = placed.exec(message);
  if (match) return { written, text: match[2], at: Number(match[1]) - 1 };
  const name = unknown.exec(message)?.[1].split('.')[0];
  return { written, text: message, at: name ? written.indexOf(name) : -1 };
};
