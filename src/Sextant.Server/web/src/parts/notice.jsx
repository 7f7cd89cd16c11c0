import { useEffect } from 'preact/hooks';
import { notice } from '../state.js';

const staysFor = 6000;

export const Notice = () => {
  const shown = notice.value;
  useEffect(() => {
    if (!shown || shown.kind === 'error') return undefined;
    const timer = setTimeout(() => { notice.value = null; }, staysFor);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class="notices" role="status">
      {shown ? (
        <p class={`notice ${shown.kind}`}>{shown.text}
          <button type="button" class="plain" aria-label="Dismiss" onClick={() => { notice.value = null; }}>✕</button>
        </p>
      ) : null}
    </div>
  );
};
