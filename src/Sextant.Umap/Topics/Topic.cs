namespace Sextant.Umap.Topics;

/// <summary>One topic of texts.</summary>
/// <param name="Number">From 0, the largest topic first.</param>
/// <param name="Phrases">What distinguishes it from the other topics, the most distinctive phrase first.</param>
/// <param name="Rows">Its texts, the one nearest to the center first.</param>
/// <param name="Representatives">The texts nearest to its center.</param>
public sealed record Topic(int Number, IReadOnlyList<string> Phrases, IReadOnlyList<int> Rows, IReadOnlyList<int> Representatives)
{
    private const int PhrasesOfName = 3;

    /// <summary>The first three phrases.</summary>
    public string Name => Phrases.Count == 0 ? $"topic {Number + 1}" : string.Join(" · ", Phrases.Take(PhrasesOfName));

    /// <summary>The number of texts.</summary>
    public int Size => Rows.Count;
}
