// Metadata values as conditions of the filter language (docs/filters.md).
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const field = (name) => `"${name.replaceAll('"', '""')}"`;

/** The condition that a document's field has this value; for a list, that the list holds it. */
export const conditionOf = (name, value, inList) => {
  const written = typeof value === 'string' ? quoted(value) : String(value);
  return inList ? `${field(name)} contains ${written}` : `${field(name)} = ${written}`;
};

/** What stands on chips: each single value of the metadata, with its condition. Objects and long texts have none. */
export const chipsOf = (metadata) => Object.entries(metadata ?? {}).flatMap(([name, value]) => {
  const values = Array.isArray(value) ? value : [value];
  return values
    .filter((one) => ['string', 'number', 'boolean'].includes(typeof one) && String(one).length <= 80)
    .map((one) => ({ name, value: one, condition: conditionOf(name, one, Array.isArray(value)) }));
});

/** All conditions at once. */
export const together = (conditions) => conditions.length === 0 ? undefined : conditions.map((one) => `(${one})`).join(' and ');
