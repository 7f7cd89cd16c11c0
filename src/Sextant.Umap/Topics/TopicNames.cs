using System.Numerics.Tensors;

namespace Sextant.Umap.Topics;

/// <summary>The phrases of topics, reordered by their similarity to the center of the topic where a model can embed them.</summary>
internal static class TopicNames
{
    private const int Candidates = 60;
    private const float LeastSimilarity = 0.02f;

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
        // Phrases and topics have common parts, which say nothing of one of them.
        float[] meanOfTopics = Mean([.. Enumerable.Range(0, centers.Count).Select(topic => centers[topic].ToArray())]),
            meanOfPhrases = Mean([.. vectors.Select(vector => vector.ToArray())]);
        return
        [
            .. ranked.Select(
                (phrases, topic) =>
                    (IReadOnlyList<string>)
                        [
                            .. phrases
                                .OrderByDescending(phrase =>
                                    phrase.Weight * Similarity(centers[topic], meanOfTopics, vectorOf[phrase.Text].Span, meanOfPhrases)
                                )
                                .ThenBy(phrase => phrase.Text, StringComparer.Ordinal)
                                .Take(options.Phrases)
                                .Select(phrase => phrase.Text),
                        ]
            ),
        ];
    }

    /// <summary>The cosine of what distinguishes a topic and a phrase from the mean of all.</summary>
    private static double Similarity(ReadOnlySpan<float> center, float[] meanCenter, ReadOnlySpan<float> phrase, float[] meanPhrase)
    {
        float[] a = new float[center.Length],
            b = new float[center.Length];
        TensorPrimitives.Subtract(center, meanCenter, a);
        TensorPrimitives.Subtract(phrase, meanPhrase, b);
        float cosine = TensorPrimitives.CosineSimilarity<float>(a, b);
        return cosine > LeastSimilarity ? cosine : LeastSimilarity;
    }

    private static float[] Mean(float[][] vectors)
    {
        float[] mean = new float[vectors[0].Length];
        foreach (float[] vector in vectors)
            TensorPrimitives.MultiplyAdd(vector, 1f / vectors.Length, mean, mean);
        return mean;
    }
}
