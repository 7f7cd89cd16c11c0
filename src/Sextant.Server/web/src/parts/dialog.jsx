import { useEffect, useRef } from 'preact/hooks';

/** A modal dialog: the browser keeps the focus inside and closes it with Escape. */
export const Dialog = ({ title, onClose, children, locked = false }) => {
  const element = useRef(null);
  useEffect(() => {
    element.current.showModal();
    const own = element.current;
    return () => {
      own.close();
      // The browser gives the focus back to what had it before; when that is gone, the next thing to do is to search.
      if (document.activeElement === document.body) document.getElementById('query')?.focus();
    };
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
