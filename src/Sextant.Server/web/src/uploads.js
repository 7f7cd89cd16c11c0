// Files on their way into a collection: previewed first, then indexed, one after another.
import { signal } from '@preact/signals';
import * as api from './api.js';

/** `{ file, textField, preview, problem, step, report }` for each file. */
export const uploads = signal([]);

let previewing, working;

const change = (file, to) => { uploads.value = uploads.value.map((one) => one.file === file ? { ...one, ...to } : one); };

export const clearUploads = () => {
  previewing?.abort();
  previewing = new AbortController();
  uploads.value = [];
};

export const removeUpload = (file) => { uploads.value = uploads.value.filter((one) => one.file !== file); };

/** Reads a file without storing anything. `textField` is the column of the texts; detected when it is null. */
export const preview = async (name, file, textField = null) => {
  const { signal: stopped } = previewing ??= new AbortController();
  change(file, { textField, preview: null, problem: null });
  try {
    const read = await api.previewFile(name, file, textField, stopped);
    change(file, { preview: read, problem: read.problem ? 'No column looks like the text. Choose the column of the texts.' : null });
  } catch (error) {
    if (error.name !== 'AbortError') change(file, { problem: error.message });
  }
};

export const addUploads = async (name, files) => {
  const fresh = [...files].filter((file) => !uploads.value.some((one) => one.file.name === file.name));
  uploads.value = [...uploads.value, ...fresh.map((file) => ({ file, textField: null, preview: null, problem: null, step: null, report: null }))];
  for (const file of fresh) await preview(name, file);
};

export const cancelUploads = () => working?.abort();

/** Indexes the files. Gives whether all of them were; what was stored before stays. */
export const indexUploads = async (name) => {
  working = new AbortController();
  for (const { file, textField } of uploads.value) {
    change(file, { step: { read: 0, indexed: 0 }, problem: null });
    try {
      const report = await api.indexFile(name, file, textField, working.signal, (step) => change(file, { step }));
      change(file, { report, step: null });
    } catch (error) {
      const done = uploads.value.find((one) => one.file === file)?.step?.indexed ?? 0;
      const stays = done > 0 ? ` ${done.toLocaleString('en')} texts were stored.` : ' Nothing was stored.';
      change(file, { step: null, problem: error.name === 'AbortError' ? `Canceled.${stays}` : error.message });
      return false;
    }
  }
  return true;
};
