// The service's interface, as the page uses it. The key, where one is needed, lives as long as the tab.
const stored = 'sextant-key';
let key = sessionStorage.getItem(stored) ?? '';

export const setKey = (value) => {
  key = value.trim();
  sessionStorage.setItem(stored, key);
};

/** A refusal by the service, with its own words. */
export class Refusal extends Error {
  constructor(status, message, retryAfter) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const request = async (method, path, { body, type = 'application/json', signal } = {}) => {
  const headers = { Accept: 'application/json' };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body !== undefined) headers['Content-Type'] = type;
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(0, 'The service does not respond. Is it still running?');
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => null);
  throw new Refusal(answer.status, said?.error?.message ?? `${answer.status} ${answer.statusText}`, Number(answer.headers.get('Retry-After')) || 0);
};

const call = async (...asked) => {
  const answer = await request(...asked);
  return answer.status === 204 ? null : answer.json();
};

const collection = (name) => `v1/collections/${encodeURIComponent(name)}`;
const document = (name, id) => `${collection(name)}/documents/${encodeURIComponent(id)}`;

export const listModels = () => call('GET', 'v1/models');
export const listRerankers = () => call('GET', 'v1/rerankers');
export const listCollections = () => call('GET', 'v1/collections');
export const readCollection = (name, signal) => call('GET', collection(name), { signal });
export const createCollection = (name, model) => call('PUT', collection(name), { body: model ? { model } : {} });
export const deleteCollection = (name) => call('DELETE', collection(name));
export const verifyCollection = (name) => call('POST', `${collection(name)}/verify`);
export const readMap = (name, signal) => call('GET', `${collection(name)}/map`, { signal });
export const search = (name, asked, signal) => call('POST', `${collection(name)}/search`, { body: asked, signal });
export const addDocuments = (name, documents, signal) => call('POST', `${collection(name)}/documents`, { body: { documents }, signal });
export const readDocument = (name, id) => call('GET', document(name, id));
export const deleteDocument = (name, id) => call('DELETE', document(name, id));
export const exportCollection = async (name) => (await request('GET', `${collection(name)}/export`)).blob();
