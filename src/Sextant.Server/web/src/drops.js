// Files that are dropped anywhere on the page are previewed, like chosen ones.
import { dialog, dropped } from './state.js';

const hasFiles = (event) => [...event.dataTransfer?.types ?? []].includes('Files');

export const offer = (files) => {
  if (files.length === 0) return;
  dropped.value = [...files];
  dialog.value = 'add';
};

export const acceptDrops = () => {
  const mark = (on) => document.documentElement.classList.toggle('dropping', on);
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  addEventListener('dragleave', (event) => { if (event.relatedTarget === null) mark(false); });
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(false);
    // A dialog at work has files already.
    if (!document.querySelector('dialog[open] progress')) offer(event.dataTransfer.files);
  });
};
