using System.Globalization;
using System.Text.RegularExpressions;

namespace Sextant.Text;

/// <summary>Takes texts apart that have too many tokens, between sentences where that can be.</summary>
public sealed partial class TextChunker
{
    private readonly ITokenCounter _counter;
    private readonly int _maxTokens;
    private readonly int _overlap;

    /// <summary>
    /// Cuts to <paramref name="maxTokens"/>, each part beginning with up to <paramref name="overlap"/> tokens of the one before.
    /// </summary>
    public TextChunker(ITokenCounter counter, int maxTokens, int overlap = 0)
    {
        ArgumentNullException.ThrowIfNull(counter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(overlap, maxTokens);
        (_counter, _maxTokens, _overlap) = (counter, maxTokens, overlap);
    }

    /// <summary>The parts of <paramref name="document"/>, in order.</summary>
    public IEnumerable<TextChunk> Chunk(SourceDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (_counter.Count(document.Text) <= _maxTokens) return [new(document.Id, document.Text)];
        return Parts(document.Text).Select((text, i) =>
            new TextChunk(string.Create(CultureInfo.InvariantCulture, $"{document.Id}#{i + 1}"), text));
    }

    private IEnumerable<string> Parts(string text)
    {
        List<(string Text, int Tokens)> part = [];
        int tokens = 0;
        foreach ((string Text, int Tokens) piece in Pieces(text))
        {
            if (tokens + piece.Tokens > _maxTokens && part.Count > 0)
            {
                yield return Join(part);
                while (part.Count > 0 && (tokens > _overlap || tokens + piece.Tokens > _maxTokens))
                {
                    tokens -= part[0].Tokens;
                    part.RemoveAt(0);
                }
            }

            part.Add(piece);
            tokens += piece.Tokens;
        }

        if (part.Count > 0) yield return Join(part);
    }

    // Sentences; a sentence that is too long by itself comes word by word.
    private IEnumerable<(string Text, int Tokens)> Pieces(string text) => Sentence().Matches(text)
        .Select(m => m.Value)
        .SelectMany(sentence => _counter.Count(sentence) <= _maxTokens ? [sentence] : Word().Matches(sentence).Select(m => m.Value))
        .Select(piece => (piece, _counter.Count(piece)));

    private static string Join(List<(string Text, int Tokens)> part) => string.Concat(part.Select(p => p.Text)).Trim();

    [GeneratedRegex(@"[^.!?\n]*(?:[.!?]+\s*|\n+|$)", RegexOptions.NonBacktracking)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\s*\S+\s*", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
