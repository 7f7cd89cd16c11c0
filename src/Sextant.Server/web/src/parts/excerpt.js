/** The beginning of a text. */
export const excerpt = (text, length) => text.length <= length ? text : `${text.slice(0, length).trimEnd()}…`;
