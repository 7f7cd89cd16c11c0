namespace Sextant.Training.Data;

/// <summary>The hard negatives that were found for pairs, as many for each, by the number that a pair carries.</summary>
/// <param name="PerPair">How many each has.</param>
/// <param name="Texts">Their texts' numbers; those of number i from i × <paramref name="PerPair"/> on.</param>
internal sealed record MinedNegatives(int PerPair, IReadOnlyList<int> Texts)
{
    public static MinedNegatives None { get; } = new(0, []);

    /// <summary>The negatives of a pair: those that it came with, then those mined for it.</summary>
    public IEnumerable<int> Get(TrainingPair pair)
    {
        foreach (int negative in pair.Negatives ?? [])
        {
            yield return negative;
        }

        for (int i = 0; pair.Mined >= 0 && i < PerPair; i++)
        {
            yield return Texts[(pair.Mined * PerPair) + i];
        }
    }
}
