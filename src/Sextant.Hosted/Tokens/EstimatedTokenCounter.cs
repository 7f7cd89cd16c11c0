using Sextant.Tokenizers;

namespace Sextant.Hosted.Tokens;

/// <summary>
/// For models whose tokeniser is not published as a package: a fifth more tokens than OpenAI's cl100k_base makes, the upper end of what
/// Voyage states for its own models, so that a request packed by it is rather too small than refused.
/// </summary>
internal sealed class EstimatedTokenCounter : ITokenCounter
{
    private readonly TiktokenCounter _inner = new("cl100k_base", isExact: false);

    public bool IsExact => false;

    public int Count(ReadOnlySpan<char> text) => ((_inner.Count(text) * 6) + 4) / 5;
}
