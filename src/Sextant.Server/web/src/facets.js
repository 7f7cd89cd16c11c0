// Values of metadata with their counts, for the filters beside the results.
import * as api from './api.js';
import { conditionFor, together } from './filters.js';

const mostFields = 24;
const mostValues = 60;

/** The conditions on one field that a click on its values makes. */
const isOf = (field) => (condition) => condition.startsWith(`${field} = `) || condition.startsWith(`${field} contains `);

/** Whether a field sorts documents into kinds: a name of each document is no kind. */
const isUseful = ({ values, distinct }, total) =>
  distinct > 1 && distinct <= mostValues * 5 && values[0]?.count > 1 && (distinct <= 12 || distinct < total * 0.4)
  && values.every(({ value }) => String(value).length <= 60);

/** Which fields are worth counting, of the whole collection. */
export const findFields = async (name, total, signal) => {
  const { fields } = await api.listFields(name, signal);
  const some = fields.slice(0, mostFields);
  if (some.length === 0) return { all: fields, facets: [] };
  const { facets } = await api.countFacets(name, { facets: some.map((one) => one.field), facet_limit: mostValues }, signal);
  return { all: fields, facets: some.filter((_, i) => isUseful(facets[i], total)) };
};

/** The counts under the conditions; those of a field itself do not limit it, so that another of its values can be chosen. */
export const count = async (name, fields, conditions, signal) => {
  const groups = new Map();
  for (const one of fields) {
    const filter = together(conditions.filter((condition) => !isOf(one.field)(condition))) ?? '';
    groups.set(filter, [...groups.get(filter) ?? [], one]);
  }
  const counted = new Map();
  await Promise.all([...groups].map(async ([filter, some]) => {
    const { facets } = await api.countFacets(name, {
      facets: some.map((one) => one.field), facet_limit: mostValues, ...(filter ? { filter } : {}),
    }, signal);
    facets.forEach((facet, i) => counted.set(some[i].field, facet));
  }));
  return fields.map((one) => ({ ...one, values: counted.get(one.field).values, distinct: counted.get(one.field).distinct }));
};

/** The conditions after a click on a value: it replaces another value of its field, or is taken back. */
export const toggled = (conditions, { field, is_array: inList }, value) => {
  const condition = conditionFor(field, value, inList);
  if (conditions.includes(condition)) return conditions.filter((one) => one !== condition);
  return [...conditions.filter((one) => inList || !isOf(field)(one)), condition];
};
