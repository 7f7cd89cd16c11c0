using Sextant.Tokenizers;

namespace Sextant.Hosted.Tokens;

/// <summary>
/// Estimates tokens for models whose tokenizer is not published as a package: a fifth more tokens than OpenAI's cl100k_base, the upper end
/// of Voyage's figure for its own models, so that requests are too small rather than rejected.
/// </summary>
internal sealed class EstimatedTokenCounter : ITokenCounter
{
    private readonly TiktokenCounter _inner = new("cl100k_base", isExact: false);

    public bool IsExact => false;

    public int Count(ReadOnlySpan<char> text) => ((_inner.Count(text) * 6) + 4) / 5;
}
