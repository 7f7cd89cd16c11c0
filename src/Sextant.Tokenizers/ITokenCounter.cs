namespace Sextant.Tokenizers;

/// <summary>
/// Counts tokens the way one model does. A generator with a known tokenizer returns one from <c>GetService(typeof(ITokenCounter))</c>;
/// chunking, batching and price estimates use it. Implementations are thread-safe.
/// </summary>
public interface ITokenCounter
{
    /// <summary>
    /// The most tokens that any tokenizer makes of one UTF-16 code unit: as many as it has bytes in UTF-8. A text of n code units has at
    /// most n times as many tokens, without counting.
    /// </summary>
    const int MaxTokensPerChar = 3;

    /// <summary>Whether <see cref="Count"/> is the model's own count or a stated estimate.</summary>
    bool IsExact { get; }

    /// <summary>The number of tokens of <paramref name="text"/>, special tokens left out. 0 for an empty text.</summary>
    int Count(ReadOnlySpan<char> text);
}
