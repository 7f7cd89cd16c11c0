using Sextant.Tokenizers;

namespace Sextant.Training.Data;

/// <summary>Texts as the token ids that a static model learns from: unknown words left out, long texts cut.</summary>
internal static class TextTokens
{
    public static int[][] Encode(WordPieceTokenizer tokenizer, IReadOnlyList<string> texts, int maxTokens)
    {
        int[][] tokens = new int[texts.Count][];
        int unknown = tokenizer.Vocabulary.UnknownId;
        Parallel.For(
            0,
            texts.Count,
            static () => new List<int>(),
            (i, _, ids) =>
            {
                ids.Clear();
                tokenizer.Encode(texts[i], ids);
                tokens[i] = [.. ids.Where(id => id != unknown && id >= 0).Take(maxTokens)];
                return ids;
            },
            static _ => { }
        );
        return tokens;
    }
}
