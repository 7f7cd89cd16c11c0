namespace Sextant.Numerics.Tests;

/// <summary>Operations on sets of vectors in memory: similarities, search, paraphrases, communities, clusters.</summary>
public sealed class VectorSetsTests
{
    private const int Dimensions = 24;

    [Fact]
    public void Matrix_contains_the_cosine_of_every_pair()
    {
        ReadOnlyMemory<float>[] first = Draw(37, seed: 1),
            second = [.. Draw(70, seed: 2), new float[Dimensions]];

        float[,] matrix = SimilarityMatrix.Compute(first, second, TestContext.Current.CancellationToken);

        Assert.Equal((37, 71), (matrix.GetLength(0), matrix.GetLength(1)));
        for (int i = 0; i < first.Length; i++)
        {
            for (int j = 0; j < second.Length; j++)
                Assert.Equal(VectorMath.Cosine(first[i].Span, second[j].Span), matrix[i, j], 1e-5f);
        }

        Assert.Empty(SimilarityMatrix.Compute([], second, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Search_returns_the_most_similar_vectors_in_order()
    {
        ReadOnlyMemory<float>[] corpus = Draw(3_000, seed: 3),
            queries = Draw(40, seed: 4);

        IReadOnlyList<IReadOnlyList<VectorHit>> found = SemanticSearch.Find(
            queries,
            corpus,
            topK: 7,
            TestContext.Current.CancellationToken
        );

        for (int i = 0; i < queries.Length; i++)
        {
            int[] expected =
            [
                .. Enumerable.Range(0, corpus.Length).OrderByDescending(j => VectorMath.Cosine(queries[i].Span, corpus[j].Span)).Take(7),
            ];
            Assert.Equal(expected, found[i].Select(static hit => hit.Index));
            Assert.All(found[i], hit => Assert.Equal(VectorMath.Cosine(queries[i].Span, corpus[hit.Index].Span), hit.Score, 1e-5f));
        }
    }

    [Fact]
    public void Equal_vectors_keep_their_order_and_results_are_limited_by_the_vectors()
    {
        ReadOnlyMemory<float> one = new float[] { 1, 0 },
            other = new float[] { 0, 2 };

        Assert.Equal(
            [1, 2],
            SemanticSearch
                .Find([other], [one, other, other, other], topK: 2, TestContext.Current.CancellationToken)[0]
                .Select(static hit => hit.Index)
        );
        Assert.Equal(
            [0],
            SemanticSearch.Find([other], [one], topK: 5, TestContext.Current.CancellationToken)[0].Select(static hit => hit.Index)
        );
        Assert.Empty(SemanticSearch.Find([other], [], topK: 5, TestContext.Current.CancellationToken)[0]);
    }

    [Fact]
    public void Paraphrases_are_the_most_similar_pairs_without_duplicates()
    {
        ReadOnlyMemory<float>[] vectors = Draw(120, seed: 5);
        (int First, int Second)[] expected =
        [
            .. Enumerable
                .Range(0, 120)
                .SelectMany(i => Enumerable.Range(i + 1, 119 - i).Select(j => (First: i, Second: j)))
                .OrderByDescending(pair => VectorMath.Cosine(vectors[pair.First].Span, vectors[pair.Second].Span))
                .Take(50),
        ];

        IReadOnlyList<SimilarPair> pairs = ParaphraseMiner.Mine(vectors, new() { MaxPairs = 50 }, TestContext.Current.CancellationToken);

        Assert.Equal(expected, pairs.Select(static pair => (pair.First, pair.Second)));
        float least = pairs[20].Score;
        Assert.Equal(21, ParaphraseMiner.Mine(vectors, new() { MinScore = least }, TestContext.Current.CancellationToken).Count);
        // Each text names its nearest, and a pair of two that name each other comes once.
        IReadOnlyList<SimilarPair> nearest = ParaphraseMiner.Mine(
            vectors,
            new() { NeighborsPerText = 1 },
            TestContext.Current.CancellationToken
        );
        Assert.InRange(nearest.Count, 60, 120);
        Assert.Equal(nearest.Count, nearest.Distinct().Count());
    }

    [Fact]
    public void Communities_are_disjoint_sorted_by_size_and_near_their_center()
    {
        // Three directions with 12, 6 and 3 vectors around each, and noise.
        ReadOnlyMemory<float>[] vectors = [.. Around(0, 12), .. Draw(30, seed: 6), .. Around(1, 6), .. Around(2, 3)];

        IReadOnlyList<IReadOnlyList<int>> communities = CommunityDetection.Detect(
            vectors,
            threshold: 0.9f,
            minSize: 4,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(2, communities.Count);
        Assert.Equal(Enumerable.Range(0, 12), communities[0].Order());
        Assert.Equal(Enumerable.Range(42, 6), communities[1].Order());
        Assert.All(
            communities,
            community =>
                Assert.All(community, member => Assert.True(VectorMath.Cosine(vectors[community[0]].Span, vectors[member].Span) >= 0.9f))
        );
        Assert.Equal(3, CommunityDetection.Detect(vectors, 0.9f, minSize: 3, TestContext.Current.CancellationToken).Count);
        Assert.Empty(CommunityDetection.Detect([], 0.9f, minSize: 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void K_means_finds_separate_groups_and_is_reproducible_by_seed()
    {
        ReadOnlyMemory<float>[] vectors = [.. Enumerable.Range(0, 4).SelectMany(static group => Around(group, 25))];

        KMeansResult result = KMeans.Cluster(vectors, 4, cancellationToken: TestContext.Current.CancellationToken);

        for (int group = 0; group < 4; group++)
            Assert.Single(result.Labels.Skip(25 * group).Take(25).Distinct());
        Assert.Equal(4, result.Labels.Distinct().Count());
        Assert.Equal(result.Labels, KMeans.Cluster(vectors, 4, cancellationToken: TestContext.Current.CancellationToken).Labels);
        double inertia = vectors
            .Select((vector, i) => Math.Pow(VectorMath.Euclidean(vector.Span, result.Centroids[result.Labels[i]].ToArray()), 2))
            .Sum();
        Assert.Equal(inertia, result.Inertia, 1e-4);
    }

    [Fact]
    public void K_means_never_worsens_with_an_iteration_and_assigns_each_vector_to_its_nearest_cluster()
    {
        ReadOnlyMemory<float>[] vectors = Draw(400, seed: 7);

        double[] inertia =
        [
            .. Enumerable
                .Range(1, 6)
                .Select(limit =>
                    KMeans.Cluster(vectors, 9, new() { MaxIterations = limit }, TestContext.Current.CancellationToken).Inertia
                ),
        ];
        KMeansResult result = KMeans.Cluster(vectors, 9, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(inertia.OrderDescending(), inertia);
        for (int i = 0; i < vectors.Length; i++)
        {
            double[] distances =
            [
                .. result.Centroids.Select(centroid => (double)VectorMath.Euclidean(vectors[i].Span, centroid.ToArray())),
            ];
            Assert.Equal(distances.Min(), distances[result.Labels[i]], 1e-5);
        }
    }

    [Fact]
    public void Equal_vectors_form_the_requested_number_of_clusters()
    {
        ReadOnlyMemory<float> one = new float[] { 1, 2 };

        KMeansResult result = KMeans.Cluster([one, one, one], 3, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(3, result.Centroids.Count);
        Assert.Equal(0, result.Inertia);
        Assert.Throws<ArgumentException>(() => KMeans.Cluster([one], 2));
    }

    [Fact]
    public void Vectors_of_mixed_dimensions_and_NaN_are_rejected_with_their_index()
    {
        ReadOnlyMemory<float> two = new float[2],
            three = new float[3],
            bad = new[] { 1, float.NaN };

        Assert.Contains(
            "Vector 1 has 3 dimensions, expected 2",
            Assert.Throws<ArgumentException>(() => ParaphraseMiner.Mine([two, three])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Vector 1 contains NaN",
            Assert.Throws<ArgumentException>(() => CommunityDetection.Detect([two, bad])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Vector 0 has 3 dimensions, expected 2",
            Assert.Throws<ArgumentException>(() => SemanticSearch.Find([three], [two])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => SimilarityMatrix.Compute([two], [three]));
    }

    private static ReadOnlyMemory<float>[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    (ReadOnlyMemory<float>)Enumerable.Range(0, Dimensions).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray()
                ),
        ];
    }

    private static IEnumerable<ReadOnlyMemory<float>> Around(int axis, int count) =>
        Draw(count, seed: 100 + axis)
            .Select(noise =>
            {
                float[] vector = [.. noise.ToArray().Select(static value => value * 0.1f)];
                vector[axis] += 1;
                return (ReadOnlyMemory<float>)vector;
            });
}
