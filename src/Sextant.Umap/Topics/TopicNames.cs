using System.Numerics.Tensors;

namespace Sextant.Umap.Topics;

/// <summary>The phrases of topics, reordered by their similarity to the center of the topic where a model can embed them.</summary>
internal static class TopicNames
{
    private const int Candidates = 30;
    private const double LeastSimilarity = 0.02;

    public static async Task<IReadOnlyList<IReadOnlyList<string>>> FindAsync(
        IReadOnlyList<string> texts,
        TopicCenters centers,
        TopicOptions options,
        CancellationToken cancellationToken
    )
    {
        if (options.EmbedPhrases is not { } embed)
            return KeyPhrases.Find(texts, centers.Labels, options.Phrases);
        List<(string Text, double Weight)>[] ranked = KeyPhrases.Rank(texts, centers.Labels, Candidates);
        string[] distinct = [.. ranked.SelectMany(phrases => phrases.Select(phrase => phrase.Text)).Distinct(StringComparer.Ordinal)];
        if (distinct.Length == 0)
            return ranked.Select(_ => (IReadOnlyList<string>)[]).ToArray();
        IReadOnlyList<ReadOnlyMemory<float>> vectors = await embed(distinct, cancellationToken).ConfigureAwait(false);
        Dictionary<string, ReadOnlyMemory<float>> vectorOf = new(StringComparer.Ordinal);
        for (int i = 0; i < distinct.Length; i++)
            vectorOf[distinct[i]] = vectors[i];
        float[] mean = new float[centers[0].Length];
        for (int topic = 0; topic < centers.Count; topic++)
            TensorPrimitives.MultiplyAdd(centers[topic], 1f / centers.Count, mean, mean);
        return
        [
            .. ranked.Select(
                (phrases, topic) =>
                    (IReadOnlyList<string>)
                        [
                            .. phrases
                                .OrderByDescending(phrase => phrase.Weight * Similarity(centers[topic], mean, vectorOf[phrase.Text].Span))
                                .ThenBy(phrase => phrase.Text, StringComparer.Ordinal)
                                .Take(options.Phrases)
                                .Select(phrase => phrase.Text),
                        ]
            ),
        ];
    }

    /// <summary>The cosine with what distinguishes a topic from the mean of all.</summary>
    private static double Similarity(ReadOnlySpan<float> center, ReadOnlySpan<float> mean, ReadOnlySpan<float> phrase)
    {
        float[] difference = new float[center.Length];
        TensorPrimitives.Subtract(center, mean, difference);
        return Math.Max(LeastSimilarity, TensorPrimitives.CosineSimilarity<float>(difference, phrase));
    }
}
