// Words that every text has say nothing about why one was found.
const common = new Set('a an and are as at be but by can do does for from has have how i in is it its me my not of on or our that the their they this to was we what when where which who why will with you your'.split(' '));

const wordsOf = (query) => (query.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !common.has(word));

/** The text in pieces, each with whether it is a word of the query (or begins with one of at least four letters). */
export const highlight = (text, query) => {
  const words = new Set(wordsOf(query));
  if (words.size === 0) return [{ text, hit: false }];
  const begins = [...words].filter((word) => word.length >= 4);
  const pieces = [];
  const add = (piece, hit) => {
    if (piece === '') return;
    if (pieces.at(-1)?.hit === hit) pieces.at(-1).text += piece;
    else pieces.push({ text: piece, hit });
  };
  for (const piece of text.split(/([\p{L}\p{N}]+)/u)) {
    const lower = piece.toLocaleLowerCase();
    add(piece, words.has(lower) || begins.some((begin) => lower.startsWith(begin)));
  }
  return pieces;
};
