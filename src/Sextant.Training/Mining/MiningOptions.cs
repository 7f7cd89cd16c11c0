namespace Sextant.Training.Mining;

/// <summary>How hard negatives are chosen: near enough to teach something, not so near that they are answers themselves.</summary>
public sealed record MiningOptions
{
    /// <summary>How many for each pair, at least 1.</summary>
    public int Negatives { get; init; } = 1;

    /// <summary>The number of nearest texts to skip, because they are the most likely to be unlabeled positives; at least 0.</summary>
    public int SkipNearest { get; init; }

    /// <summary>How many of the nearest texts are looked at, more than <see cref="SkipNearest"/>.</summary>
    public int Depth { get; init; } = 50;

    /// <summary>
    /// A negative's similarity is at most this much less than the pair's own, as a share of it: with 0.05 a pair of cosine 0.8 takes
    /// negatives up to 0.76 (de Souza P. Moreira et al. 2024, "NV-Retriever", arXiv:2407.15831). From 0 up to 1.
    /// </summary>
    public float Margin { get; init; } = 0.05f;

    internal void Check()
    {
        if (Negatives < 1 || SkipNearest < 0 || Depth <= SkipNearest || Margin is not (>= 0 and < 1))
        {
            throw new InputException(
                "mining needs at least 1 negative, a depth greater than the number of skipped texts, and a margin from 0 to below 1"
            );
        }
    }
}
