// The sentence of each result that is most similar to the query, by the collection's model.
const shortest = 12;
const mostSentences = 40;

/** The sentences of a text, as the places where they begin and end. */
export const split = (text) => {
  const found = [];
  if (!Intl.Segmenter) return found;
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)) {
    const start = index + segment.length - segment.trimStart().length, end = index + segment.trimEnd().length;
    // What the segmenter takes for a sentence may be an abbreviation's end: too short to be one.
    if (end - start < shortest && found.length > 0) found.at(-1).end = end;
    else if (end > start) found.push({ start, end });
    if (found.length === mostSentences) break;
  }
  return found;
};

/** For each text the best of its sentences with the similarity; `null` where there is only one. `compare` gives similarities of texts. */
export const bestOf = async (texts, compare) => {
  const sentences = texts.map(split).map((some) => some.length > 1 ? some : []);
  const all = sentences.flatMap((some, i) => some.map(({ start, end }) => texts[i].slice(start, end)));
  if (all.length === 0) return texts.map(() => null);
  const similarities = await compare(all);
  let at = 0;
  return sentences.map((some) => {
    let best = null;
    for (const one of some) {
      const similarity = similarities[at++];
      if (similarity > (best?.similarity ?? 0)) best = { ...one, similarity };
    }
    return best;
  });
};
