// Files and pasted text as documents, read here in the browser so that a batch at a time is sent and progress is true.
import Papa from 'papaparse';

const textFields = ['text', 'content', 'body', 'document', 'passage', 'sentence', 'description', 'answer', 'question', 'title'];

const textFieldOf = (row) => textFields.find((name) => typeof row[name] === 'string')
  ?? Object.keys(row).filter((name) => typeof row[name] === 'string').sort((a, b) => row[b].length - row[a].length)[0];

const documentOf = (row, textField, where) => {
  const text = row[textField];
  if (typeof text !== 'string' || text.trim() === '') throw new Error(`${where}: the field '${textField}' has no text`);
  const { id, [textField]: _, metadata, embedding, ...others } = row;
  const made = { text, metadata: metadata && typeof metadata === 'object' ? { ...others, ...metadata } : others };
  if (id !== undefined && id !== null && String(id) !== '') made.id = String(id);
  return made;
};

const fromJsonLines = (content, name) => {
  let textField;
  return content.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    let row;
    try {
      row = JSON.parse(line);
    } catch {
      throw new Error(`${name}:${i + 1}: this line is not JSON`);
    }
    if (typeof row === 'string') return [{ text: row }];
    textField ??= textFieldOf(row);
    if (!textField) throw new Error(`${name}:${i + 1}: no field holds a text`);
    return [documentOf(row, textField, `${name}:${i + 1}`)];
  });
};

const fromTable = (content, name) => {
  const { data, errors } = Papa.parse(content, { header: true, skipEmptyLines: 'greedy', dynamicTyping: false });
  const broken = errors.find((error) => error.type === 'Quotes' || error.code === 'TooManyFields' || error.code === 'TooFewFields');
  if (broken) throw new Error(`${name}, row ${(broken.row ?? 0) + 2}: ${broken.message}`);
  if (data.length === 0) return [];
  const textField = textFieldOf(data[0]);
  if (!textField) throw new Error(`${name}: the table has no column of texts`);
  return data.map((row, i) => {
    const typed = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '').map(([key, value]) => [key,
      key !== textField && key !== 'id' && /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(value) ? Number(value) : value]));
    return documentOf(typed, textField, `${name}, row ${i + 2}`);
  });
};

// A part for each heading; its name leads the text, because the paragraph below often leans on it.
const fromMarkdown = (content, name) => content.split(/^(?=#{1,6}\s)/m).map((part) => part.trim()).filter(Boolean)
  .map((part) => ({ text: part.replace(/^#{1,6}\s+/, ''), metadata: { file: name } }));

const fromLines = (content, name) => content.split(/\r?\n/).map((line) => line.trim()).filter(Boolean)
  .map((text) => ({ text, ...(name ? { metadata: { file: name } } : {}) }));

/** The documents in a file's content; its name tells how it is read. Throws an Error that names the place. */
export const readContent = (name, content) => {
  content = content.replace(/^\ufeff/, '');
  if (/\.(jsonl|ndjson)$/i.test(name)) return fromJsonLines(content, name);
  if (/\.(csv|tsv)$/i.test(name)) return fromTable(content, name);
  if (/\.(md|markdown)$/i.test(name)) return fromMarkdown(content, name);
  if (/\.txt$/i.test(name) || name === '') return fromLines(content, name);
  throw new Error(`${name}: choose a .csv, .tsv, .jsonl, .md or .txt file`);
};
