namespace Sextant.Umap.Topics;

/// <summary>The topics of texts.</summary>
/// <param name="Topics">The topics, the largest first.</param>
/// <param name="Labels">The topic of each text; -1 for texts outside of all topics.</param>
/// <param name="Probabilities">How strongly each text belongs to its topic, from 0 to 1.</param>
public sealed record TopicOverview(IReadOnlyList<Topic> Topics, IReadOnlyList<int> Labels, IReadOnlyList<float> Probabilities)
{
    /// <summary>The number of texts outside of all topics.</summary>
    public int Noise => Labels.Count(label => label < 0);
}
