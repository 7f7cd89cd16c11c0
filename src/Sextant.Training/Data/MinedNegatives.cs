namespace Sextant.Training.Data;

/// <summary>The hard negatives that were found for pairs, as many for each, by the number that a pair carries.</summary>
/// <param name="PerPair">How many each has.</param>
/// <param name="Texts">Their texts' numbers; those of number i from i × <paramref name="PerPair"/> on.</param>
internal sealed record MinedNegatives(int PerPair, IReadOnlyList<int> Texts)
{
    public static MinedNegatives None { get; } = new(0, []);

    /// <summary>The negatives of a pair: those mined for it, or the one that it came with.</summary>
    public IEnumerable<int> Of(TrainingPair pair)
    {
        if (pair.Negative >= 0)
        {
            yield return pair.Negative;
        }

        for (int i = 0; pair.Mined >= 0 && i < PerPair; i++)
        {
            yield return Texts[(pair.Mined * PerPair) + i];
        }
    }

    /// <summary>How many that are.</summary>
    public int Count(TrainingPair pair) => (pair.Negative >= 0 ? 1 : 0) + (pair.Mined >= 0 ? PerPair : 0);
}
