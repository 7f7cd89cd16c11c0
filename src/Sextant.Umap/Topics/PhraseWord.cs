namespace Sextant.Umap.Topics;

/// <summary>One word of a text.</summary>
/// <param name="Stem">In lower case and without the ending of a plural, so that "Dogs" and "dog" are one word.</param>
/// <param name="Surface">As written; in lower case at the start of a sentence.</param>
/// <param name="IsContent">Whether it says what a text is about; stop words and bare numbers do not.</param>
/// <param name="StartsSentence">Whether it is the first word of a sentence.</param>
/// <param name="StartsPhrase">Whether punctuation or a line break precedes it.</param>
internal readonly record struct PhraseWord(string Stem, string Surface, bool IsContent, bool StartsSentence, bool StartsPhrase);
