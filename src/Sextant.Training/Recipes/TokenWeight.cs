namespace Sextant.Training.Recipes;

/// <summary>A factor for the vectors of some tokens, in a <see cref="TableFinish"/>.</summary>
public sealed record TokenWeight
{
    /// <summary>The tokens; tokens missing from the vocabulary are skipped.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>Whether every token of nothing but digits, at the beginning of a word or within, is one of them.</summary>
    public bool Numbers { get; init; }

    /// <summary>The factor.</summary>
    public required float Factor { get; init; }

    internal bool Covers(string token) => Tokens.Contains(token, StringComparer.Ordinal) || (Numbers && IsNumber(token));

    private static bool IsNumber(string token)
    {
        ReadOnlySpan<char> digits = token.StartsWith("##", StringComparison.Ordinal) ? token.AsSpan(2) : token;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
