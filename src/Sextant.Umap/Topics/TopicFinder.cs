using System.Numerics.Tensors;
using Sextant.Umap.Clustering;

namespace Sextant.Umap.Topics;

/// <summary>
/// Finds the topics of texts as BERTopic does: vectors are laid out in a few dimensions with UMAP, clustered with HDBSCAN, and the clusters
/// are described by <see cref="KeyPhrases"/>. Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure" (2022).
/// </summary>
public static class TopicFinder
{
    /// <summary>UMAP's share of the progress.</summary>
    private const double LayoutShare = 0.8;

    /// <summary>A cluster with more than half of the texts is divided: it has what no other cluster has in common.</summary>
    private const int MostOfTexts = 2;

    /// <summary>Finds topics.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="vectors">Their vectors, n × dimensions, row-major.</param>
    /// <param name="dimensions">The dimensions of a vector.</param>
    /// <param name="options">The options; the defaults when <see langword="null"/>.</param>
    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">Texts and vectors differ in number, or an option is out of range.</exception>
    public static async Task<TopicOverview> FindAsync(
        IReadOnlyList<string> texts,
        ReadOnlyMemory<float> vectors,
        int dimensions,
        TopicOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Phrases, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Representatives, 1, nameof(options));
        if (vectors.Length != (long)texts.Count * dimensions)
        {
            throw new ArgumentException(
                $"There are {texts.Count} texts and {vectors.Length} values; give a vector per text.",
                nameof(vectors)
            );
        }

        HdbscanResult clusters = await Task.Run(
                () => Cluster(vectors, dimensions, texts.Count, options, progress, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        TopicCenters centers = TopicCenters.Compute(vectors, dimensions, [.. clusters.Labels], options.AssignNoise);
        IReadOnlyList<IReadOnlyList<string>> phrases = await TopicNames
            .FindAsync(texts, centers, options, cancellationToken)
            .ConfigureAwait(false);
        progress?.Report(1);
        List<Topic> topics = [];
        for (int topic = 0; topic < centers.Count; topic++)
        {
            IReadOnlyList<int> rows = centers.RowsByDistance(topic);
            topics.Add(new(topic, phrases[topic], rows, [.. rows.Take(options.Representatives)]));
        }

        return new(topics, centers.Labels, clusters.Probabilities);
    }

    private static HdbscanResult Cluster(
        ReadOnlyMemory<float> vectors,
        int dimensions,
        int count,
        TopicOptions options,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        UmapOptions layout = new()
        {
            Components = options.LayoutDimensions,
            MinDist = 0,
            Neighbors = options.Neighbors ?? UmapOptions.ForRowCount(count).Neighbors,
            Seed = options.Seed,
            MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
        };
        Progress<double>? part = progress is null ? null : new(done => progress.Report(LayoutShare * done));
        UmapModel map = UmapModel.Fit(Centered(vectors.Span, dimensions), dimensions, layout, part, cancellationToken);
        return Hdbscan.Fit(
            map.Embedding,
            options.LayoutDimensions,
            new()
            {
                MinClusterSize = options.MinSizeFor(count),
                MaxClusterSize = Math.Max(options.MinSizeFor(count), count / MostOfTexts),
                Selection = options.Selection,
                MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
            },
            cancellationToken
        );
    }

    /// <summary>
    /// The vectors relative to their mean: texts of one source have much in common, which would hide how they differ.
    /// </summary>
    private static float[] Centered(ReadOnlySpan<float> vectors, int dimensions)
    {
        float[] mean = RowCheck.Mean(vectors, dimensions),
            centered = vectors.ToArray();
        for (int i = 0; i < centered.Length; i += dimensions)
            TensorPrimitives.Subtract(centered.AsSpan(i, dimensions), mean, centered.AsSpan(i, dimensions));
        return centered;
    }
}
