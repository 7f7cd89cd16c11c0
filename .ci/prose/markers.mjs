#!/usr/bin/env node
// Counts turns of phrase that sound translated, per 10,000 words, in the documentation, C# comments, messages (string literals) and test names. Usage: markers.mjs [--list]
// --list prints every place. Exits 1 if a rate reaches its limit, or if the documentation has a phrase of `never`. Code blocks, inline code
// and link targets do not count. Single words that are always replaced are in the "flagWords" of cspell.json.
//
// The twenty phrases were chosen because they were common here and are rare in the field: 446 in the 37,000 words of our documentation when
// they were first counted (120 per 10,000), 16 in the 54,000 words of the documentation of Polly and sentence-transformers (3 per 10,000).
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const limits = {
  'documentation': Number(process.env.PROSE_DOCS_LIMIT ?? 5),
  'C# comments': Number(process.env.PROSE_COMMENTS_LIMIT ?? 2),
  'messages': Number(process.env.PROSE_MESSAGES_LIMIT ?? 5),
  'test names': Number(process.env.PROSE_TESTS_LIMIT ?? 5),
};

const markers = {
  'tell, told': /\b(tells?|told)\b/gi,                                        // "the size is told" → "prints the size"
  'whoever, whatever': /\b(who|what|which)ever\b/gi,                          // "whoever waits" → "the caller"
  'anew': /\banew\b/gi,                                                       // → "again"; "rebuild"
  'is none': /\b(is|are|was|were) none\b/gi,                                  // "where there is none" → "otherwise"
  'led around': /\b(led|leads?|gone|go|goes|going) a?round\b/gi,              // → "consolidate deletes"
  'lies': /\b(lies|lie)\b/gi,                                                 // "the file lies in" → "is in"
  'goes on': /\b(goes|go|went|going) on\b/gi,                                 // → "continues", "resumes"
  'of its own': /\bof (its|their|one's|your|our|his) own\b/gi,                // "a model of your own" → "your own model"
  'nobody': /\b(nobody|everybody|somebody|anybody)\b/gi,                      // name the user, the process or the program
  'in meaning': /\bin meaning\b/gi,                                           // "near in meaning" → "similar"
  'by itself': /\bby (itself|themselves|oneself)\b/gi,                        // → "automatically"; "alone"
  'for good': /\bfor (good|ever)\b/gi,                                        // → "permanently"
  'is no X': /(?<!\bthere )\b(is|are) no\b(?! longer)/gi,                     // "a value that is no number" → "NaN"
  'sooner': /\bsooner\b/gi,                                                   // → "faster", "first"
  'as it is': /\bas (it|they) (is|are|was|were)\b/gi,                         // → "unchanged"
  'what is': /\bwhat (is|was|were)\b(?![^.?!|]*\?)/gi,                        // "what is stored" → "stored documents"; questions are fine
  'beside': /\bbesides?\b/gi,                                                 // → "next to", "compared with", "in addition"
  'meanwhile': /\bmeanwhile\b/gi,                                             // → "at the same time"; say who waits
  'says so': /\b(say|says|said) so\b/gi,                                      // name the message
  'look after': /\blook(s|ed|ing)? after\b|\b(gives?|gave|given|giving) back\b|\bpassed over\b/gi, // → "maintain", "return", "skip"
};

// Words that only occur in a translated test name or message.
const names = {
  'who, what': /(?<=^ *)(who|what|whose)\b/gim,                               // "What_is_refused" → name the subject
  'refused': /\brefuse[sd]?\b/gi,                                            // → "rejected"
  'said': /\b(is|are) said\b/gi,                                             // → "is reported"
  'begun': /\bbeg[au]n\b/gi,                                                 // → "started"
};

// Phrases that the documentation never uses.
const never = {
  ...Object.fromEntries(['is none', 'led around', 'of its own', 'in meaning', 'by itself', 'for good', 'look after'].map(name => [name, markers[name]])),
  'looked around': /\blooked around\b/gi,                                     // → "expanded", "searched"
  'made small': /\bmade small\b/gi,                                           // → "minimized"
  'the other way round': /\bthe other way round\b/gi,                         // → "conversely", "in the other direction"
  'in the mean': /\bin the mean\b/gi,                                         // → "on average"
};

function tracked(...patterns) {
  return execFileSync('git', ['ls-files', '-z', ...patterns], { encoding: 'utf8' }).split('\0').filter(file => file !== '' && existsSync(file));
}

/** The prose of a Markdown file, a line each, with everything else blanked. */
function markdownProse(text) {
  const blank = match => match.replace(/[^\n]/g, ' ');
  return text
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, blank)
    .replace(/^( {4}|\t).*$/gm, blank)
    .replace(/`[^`\n]*`/g, blank)
    .replace(/\]\([^)\s]*\)/g, blank);
}

/** The comments of a C# file, a line each, without XML tags. */
function csharpProse(text) {
  return text.split('\n').map(line => /(?:^|\s)\/{2,3}(?:\s|$)(.*)$/.exec(line)?.[1].replace(/<[^>]*>/g, ' ') ?? '').join('\n');
}

/** The string literals of a C# file that read as text, a line each; line breaks and braces of placeholders are blanked. */
function csharpMessages(text) {
  const literal = /\/\/.*|\$?"(?:\\.|\{[^{}"]*(?:"[^"]*"[^{}"]*)*\}|[^"\\\n])*"/g;
  const blank = value => value.replace(/[^\n]/g, ' ');
  let result = '', end = 0;
  for (const match of text.matchAll(literal)) {
    const isText = !match[0].startsWith('//') && /[a-z]{2,} [a-z]/.test(match[0]);
    result += blank(text.slice(end, match.index)) + (isText ? match[0].replace(/\{[^{}]*\}|"/g, blank) : blank(match[0]));
    end = match.index + match[0].length;
  }
  return result + blank(text.slice(end));
}

/** The names of tests, a line each, as words. */
function testNames(text) {
  return text.split('\n').map(line => /^\s*(?:public|internal) .*?\b([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)\(/.exec(line)?.[1].replaceAll('_', ' ') ?? '').join('\n');
}

function count(files, prose, patterns = markers) {
  const found = [];
  let words = 0;
  for (const file of files) {
    const text = prose(readFileSync(file, 'utf8'));
    words += text.split(/\s+/).filter(word => /\p{L}/u.test(word)).length;
    // A phrase may continue on the next line, so lines are joined; positions stay.
    const joined = text.replace(/\n/g, ' ');
    for (const [name, pattern] of Object.entries(patterns)) {
      for (const match of joined.matchAll(pattern)) {
        found.push({ name, place: `${file}:${text.slice(0, match.index).split('\n').length}`, context: joined.slice(Math.max(0, match.index - 40), match.index + 50).trim() });
      }
    }
  }
  return { words, found };
}

let failed = false;
for (const [what, result] of [
  ['documentation', count(tracked('*.md'), markdownProse)],
  ['C# comments', count(tracked('*.cs'), csharpProse)],
  ['messages', count(tracked('src/*.cs'), csharpMessages)],
  ['test names', count(tracked('tests/*.cs', 'src/Sextant.ConformanceTests/*.cs'), testNames, { ...markers, ...names })],
]) {
  const rate = result.found.length / result.words * 10000;
  const found = [...new Set(result.found.map(item => item.name))].map(name => [name, result.found.filter(item => item.name === name).length]).filter(item => item[1] > 0);
  console.log(`${what}: ${result.found.length} marker phrases in ${result.words.toLocaleString('en-US')} words, ${rate.toFixed(1)} per 10,000 `
    + `(limit ${limits[what]})${found.length ? ': ' : ''}${found.sort((a, b) => b[1] - a[1]).map(([name, n]) => `${name} ${n}`).join(', ')}`);
  const over = !(rate < limits[what]);
  failed ||= over;
  if (over && !process.argv.includes('--list')) console.log(`${what}: above the limit; "node .ci/prose/markers.mjs --list" shows every place`);
  if (process.argv.includes('--list')) {
    for (const { name, place, context } of result.found) console.log(`${place}: ${name}: ${context}`);
  }
}
for (const { name, place, context } of count(tracked('*.md'), markdownProse, never).found) {
  failed = true;
  console.log(`${place}: "${name}" is not used here: ${context}`);
}
process.exit(failed ? 1 : 0);
