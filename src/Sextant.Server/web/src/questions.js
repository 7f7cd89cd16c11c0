// Questions to begin with, made from the collection's own documents.
import * as api from './api.js';

const places = 12;
const shown = 4;
const titles = ['question', 'title', 'heading', 'name', 'subject', 'headline'];

const clean = (text) => text.replace(/[#*_`>|]+/g, ' ').replace(/\s+/g, ' ').trim();

/** A question of the document, its title, and how it begins. */
const questionsOf = ({ text, metadata }) => {
  const asked = clean(text.slice(0, 600)).match(/(?:^|[.!?]\s)([^.!?]{12,90}\?)/)?.[1];
  const title = titles.map((name) => metadata?.[name]).find((value) => typeof value === 'string' && value.length >= 8 && value.length <= 90);
  const words = clean(text).split(/(?<=[.!?:;])\s/)[0].split(' ');
  const beginning = words.length < 3 ? null : words.slice(0, 9).join(' ').replace(/[.,;:]+$/, '');
  return [asked, title, beginning].filter(Boolean);
};

/** Questions from documents all over the collection. */
export const makeQuestions = async (name, total, signal) => {
  const count = Math.min(places, total);
  const read = await Promise.all(Array.from({ length: count }, (_, i) =>
    api.browse(name, { k: 1, offset: Math.min(9_999, Math.floor((i + 0.5) * total / count)) }, signal)));
  const made = [];
  for (const document of read.flatMap(({ results }) => results)) {
    // Parts of one document have the same title.
    const fresh = questionsOf(document).find((one) => !made.includes(one));
    if (fresh) made.push(fresh);
  }
  // Real questions first: they say best what can be asked.
  return [...made.filter((one) => one.endsWith('?')), ...made.filter((one) => !one.endsWith('?'))].slice(0, shown);
};
