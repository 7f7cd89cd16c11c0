import { useEffect, useRef } from 'preact/hooks';

/** A modal dialog: the browser keeps the focus inside and closes it with Escape. */
export const Dialog = ({ title, onClose, children, locked = false }) => {
  const element = useRef(null);
  useEffect(() => {
    element.current.showModal();
    return () => element.current?.close();
  }, []);
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onCancel={(event) => { event.preventDefault(); if (!locked) onClose(); }}>
      <header>
        <h2 id="dialog-title">{title}</h2>
        {locked ? null : <button type="button" class="plain" aria-label="Close" onClick={onClose}>✕</button>}
      </header>
      {children}
    </dialog>
  );
};
