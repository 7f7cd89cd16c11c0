using Sextant.Index;
using Sextant.Index.Interchange;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Sources.Transfer;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;
using Sextant.Tests.Shared.Search;

namespace Sextant.Sources.Tests.Transfer;

/// <summary>Damage in deliberately damaged graphs is found and repaired.</summary>
public sealed class GraphRepairTests : IDisposable
{
    private const int Count = 2600;
    private const int Dimensions = 12;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unreachable_vectors_are_found_and_relinked()
    {
        int lone = 0;
        await using SemanticSearchEngine engine = await DamagedAsync(Cut);
        RecallReport before = await engine.Maintenance.MeasureRecallAsync();
        Assert.InRange(lone, 20, 33);
        Assert.Equal(lone, before.Unreachable);
        Assert.Contains(
            $"{lone} vectors are unreachable",
            Assert.Single((await engine.Maintenance.VerifyAsync()).Problems),
            StringComparison.Ordinal
        );

        Assert.Contains($"{lone} unreachable vectors", Assert.Single(await engine.Maintenance.RepairAsync()), StringComparison.Ordinal);

        RecallReport after = await engine.Maintenance.MeasureRecallAsync();
        Assert.Equal(0, after.Unreachable);
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
        Assert.Empty(await engine.Maintenance.RepairAsync());

        // One in eighty nodes is unreachable, though it still has outgoing links.
        int[] Cut(HnswGraph graph, int node, int[] links)
        {
            if (IsLone(graph, node))
                lone++;
            return [.. links.Where(to => !IsLone(graph, to))];
        }

        static bool IsLone(HnswGraph graph, int node) => node % 80 == 7 && node != graph.Entry && graph.Levels[node] == 0;
    }

    [Fact]
    public async Task Graph_with_low_recall_is_rebuilt_and_stays_repaired()
    {
        await using (SemanticSearchEngine engine = await DamagedAsync((_, node, _) => [(node + 1) % Count]))
        {
            Assert.False((await engine.Maintenance.VerifyAsync()).IsHealthy);
            Assert.InRange((await engine.Maintenance.MeasureRecallAsync()).High, 0, 0.8);
            Assert.Contains("recall was too low", Assert.Single(await engine.Maintenance.RepairAsync()), StringComparison.Ordinal);
            Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
        }

        await using SemanticSearchEngine again = await SemanticSearchEngine.OpenAsync(_folder.File("c"));
        Assert.Empty(again.Warnings);
        Assert.True((await again.Maintenance.VerifyAsync()).IsHealthy);
    }

    [Fact]
    public async Task Smallest_efSearch_for_a_recall_is_found_and_stored()
    {
        int kept;
        await using (SemanticSearchEngine engine = await DamagedAsync((_, _, links) => links))
        {
            RecallReport low = await engine.Maintenance.TuneEfSearchAsync(0.6),
                high = await engine.Maintenance.TuneEfSearchAsync(0.99);
            Assert.InRange(low.Recall, 0.6, 1);
            Assert.InRange(high.Recall, 0.99, 1);
            Assert.True(low.EfSearch < high.EfSearch, $"{low.EfSearch} < {high.EfSearch}");
            kept = high.EfSearch;
        }

        await using SemanticSearchEngine again = await SemanticSearchEngine.OpenAsync(_folder.File("c"));
        RecallReport measured = await again.Maintenance.MeasureRecallAsync();
        Assert.Equal(kept, measured.EfSearch);
        Assert.InRange(measured.Recall, 0.99, 1);
        Assert.Equal(kept, (await again.GetInfoAsync()).Index.EfSearch);
    }

    [Fact]
    public async Task Interval_contains_the_measured_recall_and_narrows_with_more_queries()
    {
        await using SemanticSearchEngine engine = await DamagedAsync((_, _, links) => links);
        RecallReport few = await engine.Maintenance.MeasureRecallAsync(samples: 20),
            many = await engine.Maintenance.MeasureRecallAsync(samples: 500);

        Assert.Equal((20, 500), (few.Samples, many.Samples));
        Assert.All(
            [few, many],
            report => Assert.True(report.Low <= report.Recall && report.Recall <= report.High && report.Low < report.High)
        );
        Assert.True(many.High - many.Low < few.High - few.Low);
        Assert.Equal(Count, many.Degrees.Sum());
    }

    [Fact]
    public async Task Too_small_collections_pass_with_a_note()
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("one"), WordModel.Options());
        await engine.AddDocumentsAsync(["alone"]);

        Assert.Equal(0, (await engine.Maintenance.MeasureRecallAsync()).Samples);
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
        await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.TuneEfSearchAsync(0.9));
    }

    [Fact]
    public async Task Found_duplicates_do_not_offset_missed_vectors()
    {
        const int Copies = 2400;
        await using SemanticSearchEngine engine = await DamagedAsync(
            (_, _, links) => [.. links.Where(to => to < Copies).Append(0).Distinct()],
            Copies
        );

        RecallReport report = await engine.Maintenance.MeasureRecallAsync();

        // Of the 201 distinct vectors, only the one that most are copies of is found.
        Assert.InRange(report.Samples, 190, 200);
        Assert.InRange(report.High, 0, 0.3);
    }

    // Via a FAISS file, whose graph becomes the collection's graph unchanged.
    private async Task<SemanticSearchEngine> DamagedAsync(Func<HnswGraph, int, int[], int[]> change, int copies = 1)
    {
        float[] rows = TestVectors.Clustered(Count, Dimensions, 3);
        for (int row = 1; row < copies; row++)
            rows.AsSpan(0, Dimensions).CopyTo(rows.AsSpan(row * Dimensions));
        for (int row = 0; row < Count; row++)
            VectorMath.Normalize(rows.AsSpan(row * Dimensions, Dimensions));
        HnswOptions options = new()
        {
            M = 5,
            EfConstruction = 30,
            Metric = SimilarityMetric.Dot,
        };
        using HnswIndex index = new(Dimensions, options);
        index.AddRange(TestVectors.Ids(Count), rows, maxDegreeOfParallelism: 1);
        HnswGraph graph = index.ToGraph().Graph;
        int[] links = new int[graph.Links.Length];
        Array.Fill(links, -1);
        for (int node = 0; node < Count; node++)
        {
            change(graph, node, graph.GetLinks(node, 0).ToArray()).CopyTo(links, graph.StartOf(node));
            for (int level = 1; level <= graph.Levels[node]; level++)
                graph.GetLinks(node, level).CopyTo(links.AsSpan((int)graph.StartOf(node) + graph.LevelStarts[level]));
        }

        using (FileStream stream = File.Create(_folder.File("damaged.faiss")))
        {
            FaissFile.WriteHnsw(
                stream,
                Dimensions,
                options,
                32,
                new(graph.LevelStarts, graph.Levels, links, graph.Entry),
                null,
                node => rows.AsSpan(node * Dimensions, Dimensions).ToArray()
            );
        }

        ImportResult read = await CollectionImport.RunAsync(
            _folder.File("damaged.faiss"),
            _folder.File("c"),
            new() { Engine = new() { Index = new() { EfSearch = 16 } } }
        );
        Assert.True(read.KeptGraph);
        return await SemanticSearchEngine.OpenAsync(_folder.File("c"));
    }
}
