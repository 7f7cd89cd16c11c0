using System.Collections.Concurrent;
using Microsoft.ML.Tokenizers;
using Sextant.Tokenizers;

namespace Sextant.Hosted.Tokens;

/// <summary>Counts tokens by one of OpenAI's encodings, which travel with their packages. Thread-safe.</summary>
internal sealed class TiktokenCounter : ITokenCounter
{
    private static readonly ConcurrentDictionary<string, Lazy<TiktokenTokenizer>> Encodings = new(StringComparer.Ordinal);

    private readonly Lazy<TiktokenTokenizer> _tokenizer;

    /// <param name="encoding"><c>cl100k_base</c> or <c>o200k_base</c>.</param>
    /// <param name="isExact">Whether it is the model's own encoding.</param>
    public TiktokenCounter(string encoding, bool isExact)
    {
        // The vocabulary is read when first used: what comes from the cache needs no count.
        _tokenizer = Encodings.GetOrAdd(encoding, static name => new(() => TiktokenTokenizer.CreateForEncoding(name)));
        IsExact = isExact;
    }

    public bool IsExact { get; }

    public int Count(ReadOnlySpan<char> text) => _tokenizer.Value.CountTokens(text);
}
