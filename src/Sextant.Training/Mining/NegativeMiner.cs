using System.Numerics.Tensors;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Training.Data;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.Mining;

/// <summary>
/// Finds hard negatives: positives of other pairs that the current model ranks high for an anchor. All positives are indexed, each anchor
/// searches for its nearest, and the miner keeps those that are neither the anchor's own positives nor so near that they may be unlabeled
/// positives. Random texts fill up the rest, so that every pair has the same number.
/// </summary>
internal static class NegativeMiner
{
    /// <summary>Mines for the pairs of every source, in place.</summary>
    /// <returns>The negatives, and how many of them had to be random ones.</returns>
    public static (MinedNegatives Mined, int Random) Mine(
        List<PairSource> sources,
        ITrainedEncoder encoder,
        MiningOptions options,
        ulong seed,
        CancellationToken cancellationToken
    )
    {
        TrainingPair[] pairs = [.. sources.SelectMany(static source => source.Pairs)];
        int[] documents = [.. pairs.Select(static pair => pair.Positive).Distinct()];
        if (documents.Length < 2)
        {
            throw new InputException("no negatives to mine: all pairs have the same positive");
        }

        int[] anchors = [.. pairs.Select(static pair => pair.Anchor).Distinct()];
        ILookup<int, int> own = pairs.ToLookup(static pair => pair.Anchor, static pair => pair.Positive);
        EmbeddingMatrix queries = encoder.Embed(anchors, EmbeddingRole.Query);
        EmbeddingMatrix vectors = encoder.Embed(documents, EmbeddingRole.Document);
        using HnswIndex index = Build(documents, vectors, cancellationToken);

        // The model's own order of the nearest texts, for each anchor once; the graph is searched by all threads.
        var nearest = new Neighbor[anchors.Length][];
        Parallel.For(
            0,
            anchors.Length,
            new ParallelOptions { CancellationToken = cancellationToken },
            i => nearest[i] = index.Search(queries[i], Math.Min(options.Depth + own[anchors[i]].Count(), documents.Length))
        );
        Dictionary<int, int> queryPlaces = anchors.Index().ToDictionary(static anchor => anchor.Item, static anchor => anchor.Index);
        Dictionary<int, int> documentPlaces = documents.Index().ToDictionary(static text => text.Item, static text => text.Index);

        int[] texts = new int[pairs.Length * options.Negatives];
        int filled = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            HashSet<int> forbidden = [pairs[i].Anchor, .. own[pairs[i].Anchor], .. pairs[i].Negatives ?? []];
            Span<int> target = texts.AsSpan(i * options.Negatives, options.Negatives);
            int query = queryPlaces[pairs[i].Anchor];
            float score = TensorPrimitives.CosineSimilarity<float>(queries[query], vectors[documentPlaces[pairs[i].Positive]]);
            int found = Choose(nearest[query], score - (options.Margin * Math.Abs(score)), forbidden, options, target);
            filled += target.Length - found;
            Fill(target, found, documents, forbidden, new SeededRandom(SeededRandom.Derive(seed, (ulong)i, 5)));
        }

        int next = 0;
        for (int i = 0; i < sources.Count; i++)
        {
            sources[i] = sources[i] with { Pairs = [.. sources[i].Pairs.Select(pair => pair with { Mined = next++ })] };
        }

        return (new MinedNegatives(options.Negatives, texts), filled);
    }

    private static HnswIndex Build(int[] documents, EmbeddingMatrix vectors, CancellationToken cancellationToken)
    {
        float[] rows = new float[vectors.Rows * vectors.Columns];
        for (int i = 0; i < vectors.Rows; i++)
        {
            vectors[i].CopyTo(rows.AsSpan(i * vectors.Columns));
        }

        // One thread, since then the same rows make the same graph, and a resumed run finds the same negatives.
        var index = new HnswIndex(vectors.Columns, new HnswOptions { M = 16, EfConstruction = 100 });
        index.AddRange(Array.ConvertAll(documents, static id => (long)id), rows, maxDegreeOfParallelism: 1, ct: cancellationToken);
        return index;
    }

    private static int Choose(Neighbor[] nearest, float most, HashSet<int> forbidden, MiningOptions options, Span<int> target)
    {
        int found = 0,
            rank = 0;
        foreach (Neighbor neighbor in nearest)
        {
            if (found == target.Length)
            {
                break;
            }

            if (forbidden.Contains((int)neighbor.Id) || rank++ < options.SkipNearest)
            {
                continue;
            }

            if (neighbor.Score <= most)
            {
                target[found++] = (int)neighbor.Id;
            }
        }

        return found;
    }

    private static void Fill(Span<int> target, int found, int[] documents, HashSet<int> forbidden, SeededRandom random)
    {
        for (int i = found; i < target.Length; i++)
        {
            // Where nearly everything is forbidden, the last try stands: the loss leaves out texts that it knows for positives.
            int text = documents[random.Next(documents.Length)];
            for (int tries = 0; tries < 20 && (forbidden.Contains(text) || target[..i].Contains(text)); tries++)
            {
                text = documents[random.Next(documents.Length)];
            }

            target[i] = text;
        }
    }
}
