import { preview, removeUpload } from '../uploads.js';
import { excerpt } from './excerpt.js';

const samplesShown = 3;
const skippedShown = 100;
const number = (count) => count.toLocaleString('en');
const counted = (count, name) => `${number(count)} ${name}${count === 1 ? '' : 's'}`;
const roles = { text: 'text', id: 'id', metadata: 'field' };

/** A file: what it has, how its columns are used, how far it is, and what was skipped. */
export const Upload = ({ upload: { file, textField, preview: read, problem, step, report }, collection, working }) => (
  <section class="upload" aria-label={file.name}>
    <header>
      <h3 dir="auto">{file.name}</h3>
      {working || report ? null : <button type="button" class="plain" aria-label={`Remove ${file.name}`} onClick={() => removeUpload(file)}>✕</button>}
    </header>
    {problem ? <p class="problem" role="alert">{problem}</p> : null}
    {step ? <Progress step={step} texts={read?.texts} /> : null}
    {report ? <Report report={report} /> : null}
    {!read && !problem ? <p class="status" role="status">Reading…</p> : null}
    {read && !step && !report ? (
      <>
        {read.problem ? null : <p class="status" role="status">{counted(read.texts, 'text')}</p>}
        {read.columns ? <Columns read={read} textField={textField} choose={(column) => preview(collection, file, column)} disabled={working} /> : null}
        <Samples samples={read.samples} />
        <Skipped count={read.skipped_count} rows={read.skipped} />
        <Warnings of={read.warnings} />
      </>
    ) : null}
  </section>
);

const Columns = ({ read, textField, choose, disabled }) => (
  <>
    <label class="column">Column of the texts <select value={textField ?? ''} disabled={disabled} onChange={(event) => choose(event.currentTarget.value || null)}>
      <option value="">{read.problem && !textField ? 'choose…' : 'detected'}</option>
      {read.columns.map(({ name }) => <option key={name} value={name}>{name}</option>)}
    </select></label>
    <ul class="columns" aria-label="Columns">
      {read.columns.map(({ name, role, type }) => (
        <li key={name} class={role}><strong dir="auto">{name}</strong> {roles[role]}{type ? `, ${type}` : ''}</li>
      ))}
    </ul>
  </>
);

const Samples = ({ samples }) => samples.length === 0 ? null : (
  <ol class="samples" aria-label="First texts">
    {samples.slice(0, samplesShown).map(({ id, text, metadata }) => (
      <li key={id} dir="auto">{excerpt(text, 160)}
        {Object.keys(metadata).length > 0 ? <small> {Object.entries(metadata).map(([name, value]) => `${name}: ${excerpt(typeof value === 'string' ? value : JSON.stringify(value), 30)}`).join(' · ')}</small> : null}
      </li>
    ))}
  </ol>
);

const Progress = ({ step, texts }) => {
  const of = step.all_read ? step.read : Math.max(step.read, texts ?? 0);
  return (
    <p class="progress">
      {of > 0 ? <progress max={of} value={step.indexed} aria-label="Texts added" /> : <progress aria-label="Texts added" />}
      {number(step.indexed)}{of > 0 ? ` of ${number(of)}` : ''}
    </p>
  );
};

const Report = ({ report }) => {
  const parts = [[report.added, 'added'], [report.updated, 'updated'], [report.unchanged, 'unchanged'], [report.removed, 'removed']];
  return (
    <>
      <p class="status" role="status">{parts.filter(([count], i) => i === 0 || count > 0).map(([count, name]) => `${number(count)} ${name}`).join(', ')}</p>
      <Skipped count={report.skipped_count} rows={report.skipped} open />
      <Warnings of={report.warnings} />
    </>
  );
};

const Skipped = ({ count, rows, open = false }) => count === 0 ? null : (
  <details class="skipped" open={open}>
    <summary>{counted(count, 'row')} skipped</summary>
    <ul>{rows.slice(0, skippedShown).map(({ line, reason }) => <li key={`${line} ${reason}`} dir="auto">{line > 0 ? `Line ${number(line)}: ` : ''}{reason}</li>)}</ul>
    {count > skippedShown ? <p>and {number(count - skippedShown)} more</p> : null}
  </details>
);

const Warnings = ({ of }) => of.length === 0 ? null : <ul class="notes">{of.map((one) => <li key={one} dir="auto">{one}</li>)}</ul>;
