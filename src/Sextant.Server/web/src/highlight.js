const wordsOf = (query) => query.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

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
