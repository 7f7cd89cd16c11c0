const names = ['url', 'link', 'href', 'source', 'source_url', 'permalink', 'uri'];

/** The address where a document can be read, as its metadata have it; nothing but pages of the web is opened. */
export const sourceOf = (metadata) => Object.entries(metadata ?? {})
  .filter(([name, value]) => names.includes(name.toLowerCase()) && typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value))
  .map(([, value]) => value)[0];
