// The service's interface, as the page uses it. The key, where one is needed, lives as long as the tab.
const stored = 'sextant-key';
let key = sessionStorage.getItem(stored) ?? '';

export const setKey = (value) => {
  key = value.trim();
  sessionStorage.setItem(stored, key);
};

/** A refusal by the service, with its own words. */
export class Refusal extends Error {
  constructor(status, { message, code } = {}) {
    super(message ?? `The service responded with status ${status}.`);
    this.status = status;
    this.code = code;
  }
}

const request = async (method, path, { body, file, signal } = {}) => {
  const headers = { Accept: 'application/json' };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (file) headers['Content-Type'] = 'application/octet-stream';
  else if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: file ?? (body === undefined ? undefined : JSON.stringify(body)) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(0, { message: 'The service does not respond. Is it still running?' });
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => null);
  throw new Refusal(answer.status, said?.error);
};

const call = async (...asked) => {
  const answer = await request(...asked);
  return answer.status === 204 ? null : answer.json();
};

const collection = (name) => `v1/collections/${encodeURIComponent(name)}`;
const document = (name, id) => `${collection(name)}/documents/${encodeURIComponent(id)}`;
const query = (given) => new URLSearchParams(Object.entries(given).filter(([, value]) => value));

export const listModels = () => call('GET', 'v1/models');
export const listRerankers = () => call('GET', 'v1/rerankers');
export const listCollections = () => call('GET', 'v1/collections');
export const readCollection = (name, signal) => call('GET', collection(name), { signal });
export const createCollection = (name, model) => call('PUT', collection(name), { body: model ? { model } : {} });
export const deleteCollection = (name) => call('DELETE', collection(name));
export const verifyCollection = (name) => call('POST', `${collection(name)}/verify`);
export const readMap = (name, signal) => call('GET', `${collection(name)}/map`, { signal });
export const search = (name, asked, signal) => call('POST', `${collection(name)}/search`, { body: asked, signal });
export const browse = (name, asked, signal) => call('POST', `${collection(name)}/browse`, { body: asked, signal });
export const listFields = (name, signal) => call('GET', `${collection(name)}/fields`, { signal });
export const countFacets = (name, asked, signal) => call('POST', `${collection(name)}/facets`, { body: asked, signal });
export const compare = (name, asked, signal) => call('POST', `${collection(name)}/similarities`, { body: asked, signal });
export const addDocuments = (name, documents, signal) => call('POST', `${collection(name)}/documents`, { body: { documents }, signal });
export const readDocument = (name, id) => call('GET', document(name, id));
export const listParts = (name, id) => call('GET', `${collection(name)}/parts?${query({ id })}`);
export const deleteDocument = (name, id) => call('DELETE', document(name, id));
export const exportCollection = async (name) => (await request('GET', `${collection(name)}/export`)).blob();
export const readExample = async () => new File([await (await request('GET', 'assets/example.jsonl')).blob()], 'faq.jsonl');

export const previewFile = (name, file, textField, signal) =>
  call('POST', `${collection(name)}/index/preview?${query({ file: file.name, text_field: textField })}`, { file, signal });

/** Indexes a file. `onstep` hears of the progress; gives the report. */
export const indexFile = async (name, file, textField, signal, onstep) => {
  const answer = await request('POST', `${collection(name)}/index?${query({ file: file.name, text_field: textField })}`, { file, signal });
  let rest = '', last;
  const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await lines.read(); !piece.done; piece = await lines.read()) {
    const whole = (rest + piece.value).split('\n');
    rest = whole.pop();
    for (const line of whole) {
      last = JSON.parse(line);
      if (last.error) throw new Refusal(400, last.error);
      if (last.read !== undefined) onstep(last);
    }
  }
  if (last?.added === undefined) throw new Refusal(0, { message: 'The connection ended before the file was indexed.' });
  return last;
};
