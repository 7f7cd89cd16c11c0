using Sextant.Index.Graphs;
using Sextant.Index.Memory;
using Sextant.Index.Packing;
using Sextant.Index.Spaces;
using Sextant.Index.Traversal;
using Sextant.Numerics;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests.Packing;

/// <summary>Codes of neighbors: what they estimate, and that they follow every change of the graph.</summary>
public sealed unsafe class PackedIndexTests
{
    private const int Dimensions = 160;
    private const int Count = 4_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Estimates_are_right_on_average_and_within_the_bound_of_the_paper(bool euclidean)
    {
        RandomRotation rotation = new(Int8Space.Padded(Dimensions), 3);
        Int8Space space = new(rotation, euclidean);
        int length = space.CodeBytes;
        LinkBatches batches = new(length, 32);
        using MemoryRows vectors = new(Dimensions);
        Graph graph = new(32, space.RowBytes, vectors, Dimensions, 32, batches);
        float[] rows = TestVectors.Clustered(33, Dimensions, 1, clusters: 2);
        for (int node = 0; node < 33; node++)
        {
            graph.Append(0);
            space.Encode(rows.AsSpan(node * Dimensions, Dimensions), graph.Rows[node]);
            graph.SetState(node, NodeState.Live);
        }

        int* links = graph.LinksOf(0, 0);
        links[0] = 32;
        for (int i = 1; i <= 32; i++)
            links[i] = i;
        GraphWalk<Int8Space> walk = new(graph, space);
        new LinkPacker(walk, batches, euclidean).Pack(0);
        float[] queries = TestVectors.Clustered(200, Dimensions, 2, clusters: 2);
        double sum = 0,
            squares = 0;
        WalkState state = new();
        byte* query = state.Query(space.QueryBytes),
            table = state.Table(FastScanKernels.Bytes(length)),
            batch = batches.BatchOf(batches[0], 0);
        int* sums = stackalloc int[FastScanKernels.Batch];
        for (int q = 0; q < 200; q++)
        {
            space.EncodeQuery(queries.AsSpan(q * Dimensions, Dimensions), query);
            int total = FastScanKernels.MakeTable((sbyte*)query, length, table);
            FastScanKernels.Sum(table, LinkBatches.Codes(batch), length, sums);
            float scale = *(float*)(query + length),
                near = walk.Distance(query, 0);
            double apart = Apart(queries.AsSpan(q * Dimensions, Dimensions), rows.AsSpan(0, Dimensions));
            for (int i = 0; i < 32; i++)
            {
                Assert.Equal(i + 1, LinkBatches.NodeAt(batch, i));
                float signs = 2 * scale * ((2 * sums[i]) - total),
                    factor = LinkBatches.Factors(batch)[i],
                    estimate = near + LinkBatches.Constants(batch)[i] - (factor * signs);
                // Its deviation by theorem 3.2 of arXiv:2405.12497, for signs whose cosine with the vector is √(2/π).
                double error = (estimate - walk.Distance(query, i + 1)) / (0.61 * factor * apart);
                sum += error;
                squares += error * error;
            }
        }

        double mean = sum / 6_400,
            deviation = Math.Sqrt(squares / 6_400);
        Assert.True(Math.Abs(mean) < 0.1, $"mean {mean}");
        Assert.InRange(deviation, 0.5, 1.2);
    }

    [Fact]
    public void Recall_survives_adding_removing_and_replacing_one_at_a_time()
    {
        float[] rows = TestVectors.Clustered(2 * Count, Dimensions, 1);
        using HnswIndex index = Build(rows.AsMemory(0, Count * Dimensions));
        // What was packed before the changes must not be used after them.
        index.SearchBatch(rows.AsMemory(0, 100 * Dimensions), 10);
        for (int i = 0; i < Count; i++)
        {
            if (i % 2 == 0)
                index.Remove(i);
            index.Add(i % 3 == 0 ? i + 1 : Count + i, rows.AsSpan((Count + i) * Dimensions, Dimensions));
        }

        Assert.Equal(0, index.Inspect().Unreachable);
        Assert.True(Recall(index) >= 0.97, $"{Recall(index)}");
    }

    [Fact]
    public void Opened_index_has_the_recall_of_the_saved_one()
    {
        using TempFolder folder = new();
        using HnswIndex index = Build(TestVectors.Clustered(Count, Dimensions, 1));
        index.Save(folder.File("a.hnsw"));
        using HnswIndex opened = HnswIndex.Open(folder.File("a.hnsw"));
        Assert.Equal(Recall(index), Recall(opened));
        Assert.Null(HnswIndex.FindDamage(folder.File("a.hnsw")));
    }

    [Fact]
    public void Graph_with_more_links_than_a_batch_keeps_the_better_ones()
    {
        float[] rows = TestVectors.Clustered(Count, Dimensions, 1);
        using HnswIndex wide = new(Dimensions, new() { M = 32, Storage = VectorStorage.Float32 });
        wide.AddRange(TestVectors.Ids(Count), rows);
        (HnswGraph graph, long[] ids) = wide.ToGraph();
        float[] vectors = new float[rows.Length];
        for (int i = 0; i < ids.Length; i++)
            wide.TryGetVector(ids[i], vectors.AsSpan(i * Dimensions, Dimensions));

        using var packed = HnswIndex.FromGraph(Dimensions, new() { Storage = VectorStorage.Packed }, graph, ids, vectors);

        Assert.True(packed.Inspect().Degrees.Count == 33, $"{packed.Inspect().Degrees.Count}");
        packed.RelinkUnreachable();
        Assert.True(Recall(packed) >= 0.97, $"{Recall(packed)}");
        Assert.Equal(Count, packed.ToGraph().Graph.Count);
    }

    private static HnswIndex Build(ReadOnlyMemory<float> rows)
    {
        HnswIndex index = new(Dimensions, new() { Storage = VectorStorage.Packed });
        index.AddRange(TestVectors.Ids(rows.Length / Dimensions), rows);
        return index;
    }

    private static double Recall(HnswIndex index)
    {
        float[] queries = TestVectors.Clustered(50, Dimensions, 4);
        int found = 0;
        for (int q = 0; q < 50; q++)
        {
            ReadOnlySpan<float> query = queries.AsSpan(q * Dimensions, Dimensions);
            long[] exact = [.. index.Search(query, 10, new() { Exact = true }).Select(hit => hit.Id)];
            found += index.Search(query, 10, new() { EfSearch = 96 }).Count(hit => exact.Contains(hit.Id));
        }

        return found / 500.0;
    }

    private static double Apart(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => VectorMath.Euclidean(a, b);
}
