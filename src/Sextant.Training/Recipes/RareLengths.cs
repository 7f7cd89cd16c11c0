namespace Sextant.Training.Recipes;

/// <summary>How the lengths of rare tokens' vectors are evened out, in a <see cref="TableFinish"/>.</summary>
public sealed record RareLengths
{
    /// <summary>A token is rare when fewer than this share of the texts hold it.</summary>
    public float Share { get; init; } = 0.0025f;

    /// <summary>How far their lengths are moved to one common length: 0 not at all, 1 completely, in between by powers.</summary>
    public float Evenness { get; init; } = 0.7f;

    /// <summary>That length, as a multiple of the median of theirs.</summary>
    public float Length { get; init; } = 0.85f;
}
