namespace Sextant.Umap.Topics;

/// <summary>How topics are found.</summary>
public sealed record TopicOptions
{
    /// <summary>Smaller groups of texts are not topics.</summary>
    /// <value>At least 2. When <see langword="null"/>: an eightieth of the texts, but 5 to 10.</value>
    public int? MinTopicSize { get; init; }

    /// <summary>UMAP's number of neighbors.</summary>
    /// <value>At least 2; 15, or a third of few texts, when <see langword="null"/>.</value>
    public int? Neighbors { get; init; }

    /// <summary>How many dimensions the vectors are laid out in before they are clustered.</summary>
    /// <value>2 to 10; 5 by default.</value>
    public int LayoutDimensions { get; init; } = 5;

    /// <summary>Which clusters of the hierarchy are topics.</summary>
    public Clustering.HdbscanSelection Selection { get; init; }

    /// <summary>Whether texts outside of all topics belong to the topic nearest to them.</summary>
    public bool AssignNoise { get; init; }

    /// <summary>How many phrases describe a topic.</summary>
    /// <value>At least 1; 5 by default. The first three are its name.</value>
    public int Phrases { get; init; } = 5;

    /// <summary>How many texts represent a topic.</summary>
    /// <value>At least 1; 3 by default.</value>
    public int Representatives { get; init; } = 3;

    /// <summary>Chooses the random numbers. One seed gives the same topics on any number of threads.</summary>
    public ulong Seed { get; init; } = new UmapOptions().Seed;

    /// <summary>How many threads may work at once.</summary>
    /// <value>-1, the default, for all cores.</value>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>
    /// Embeds phrases with the model of the vectors. Phrases that are close to the center of their topic then rank higher (as in KeyBERT).
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<ReadOnlyMemory<float>>>>? EmbedPhrases { get; init; }

    internal int MinSizeFor(int texts) => MinTopicSize ?? Math.Clamp(texts / 80, 5, 10);
}
