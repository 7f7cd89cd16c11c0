using CsCheck;
using Sextant.Index.Interchange;
using Sextant.Numerics;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests.Interchange;

public sealed class FaissFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hnsw-l2.faiss")]
    [InlineData("hnsw-ip-ids.faiss")]
    public void FAISS_graph_returns_the_same_results(string name)
    {
        using HnswIndex index = FaissFile.OpenHnsw(FaissGolden.Path(name));
        (long[][] ids, float[][] distances) = FaissGolden.Found(name);

        Assert.Equal((2100, 8, 6, 60, 48), (index.Count, index.Dimensions, index.Options.M, index.Options.EfConstruction, index.EfSearch));
        int same = 0;
        for (int q = 0; q < ids.Length; q++)
        {
            Neighbor[] found = index.Search(FaissGolden.Queries[q], 10);
            same += found.Select(hit => hit.Id).Intersect(ids[q]).Count();
            foreach (Neighbor hit in found)
            {
                if (Array.IndexOf(ids[q], hit.Id) is >= 0 and var at)
                {
                    Assert.Equal(
                        distances[q][at],
                        index.Options.Metric == SimilarityMetric.Euclidean ? hit.Score * hit.Score : hit.Score,
                        1e-3f
                    );
                }
            }
        }

        // The same graph, walked from the same entry with as many candidates: only ties may differ.
        Assert.InRange(same, (ids.Length * 10) - 2, ids.Length * 10);
    }

    [Theory]
    [InlineData("hnsw-l2.faiss")]
    [InlineData("hnsw-ip-ids.faiss")]
    [InlineData("tiny.faiss")]
    public void Graph_round_trips_unchanged(string name)
    {
        FaissContent theirs = FaissFile.Read(FaissGolden.Path(name));
        using HnswIndex index = FaissFile.OpenHnsw(FaissGolden.Path(name));
        string copy = _folder.File(name);
        FaissFile.WriteHnsw(copy, index);

        Assert.Equal(File.ReadAllBytes(FaissGolden.Path(name)).Length, new FileInfo(copy).Length);
        FaissContent ours = FaissFile.Read(copy);
        Assert.Equal(theirs.Graph!.Links.ToArray(), ours.Graph!.Links.ToArray());
        Assert.Equal(theirs.Graph.Levels, ours.Graph.Levels);
        Assert.Equal(theirs.Graph.LevelStarts, ours.Graph.LevelStarts);
        Assert.Equal(theirs.Graph.Entry, ours.Graph.Entry);
        Assert.Equal(theirs.Vectors.Rows.ToArray(), ours.Vectors.Rows.ToArray());
        Assert.Equal(theirs.Vectors.Ids?.ToArray(), ours.Vectors.Ids?.ToArray());
    }

    [Theory]
    [InlineData("flat-l2.faiss", null)]
    [InlineData("flat-ip-ids.faiss", 1003L)]
    public void Flat_files_round_trip_byte_for_byte(string name, long? second)
    {
        VectorTable vectors = FaissFile.ReadVectors(FaissGolden.Path(name));
        string copy = _folder.File(name);
        FaissFile.WriteFlat(
            copy,
            vectors,
            name.Contains("l2", StringComparison.Ordinal) ? SimilarityMetric.Euclidean : SimilarityMetric.Dot
        );

        Assert.Equal((50, 8), (vectors.Count, vectors.Dimensions));
        Assert.Equal(second, vectors.Ids?.Span[1]);
        byte[] theirs = File.ReadAllBytes(FaissGolden.Path(name)),
            ours = File.ReadAllBytes(copy);
        // Ours is an IndexIDMap2, which is an IndexIDMap that can also be asked for a vector by its id.
        if (second is not null)
            (theirs[3], ours[3]) = (0, 0);
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void Removed_and_replaced_vectors_are_not_written()
    {
        const int Dimensions = 6;
        Gen.Int[0, 1000]
            .Sample(
                seed =>
                {
                    float[] rows = TestVectorsOf(seed, 300, Dimensions);
                    using HnswIndex index = new(Dimensions, new() { M = 4, EfConstruction = 20 });
                    for (int i = 0; i < 300; i++)
                        index.Add(i % 200, rows.AsSpan(i * Dimensions, Dimensions));
                    for (int i = 0; i < 200; i += 1 + (seed % 7))
                        index.Remove(i);
                    string file = _folder.File($"{Guid.NewGuid():N}.faiss");
                    FaissFile.WriteHnsw(file, index);
                    using HnswIndex back = FaissFile.OpenHnsw(file);

                    Assert.Equal(index.Count, back.Count);
                    for (int i = 0; i < 200; i++)
                        Assert.Equal(index.Contains(i), back.Contains(i));
                    for (int q = 0; q < 10; q++)
                    {
                        ReadOnlySpan<float> query = rows.AsSpan(q * Dimensions, Dimensions);
                        Assert.Equal(index.Search(query, 5).Select(n => n.Id), back.Search(query, 5).Select(n => n.Id));
                    }

                    File.Delete(file);
                },
                iter: 12,
                threads: 1
            );
    }

    [Theory]
    [InlineData("tiny.faiss")]
    [InlineData("flat-l2.faiss")]
    [InlineData("flat-ip-ids.faiss")]
    public void Truncated_or_changed_file_is_read_or_rejected_by_name(string name)
    {
        byte[] bytes = File.ReadAllBytes(FaissGolden.Path(name));
        string file = _folder.File("damaged.faiss");
        long before = GC.GetAllocatedBytesForCurrentThread();
        int tries = 0;
        for (int i = 0; i < bytes.Length; i++, tries++)
        {
            if (i % 3 == 0)
                Assert.Throws<InputException>(() => Try(bytes[..i]));
            foreach (byte change in (ReadOnlySpan<byte>)[0x01, 0x80, 0xFF])
            {
                byte[] damaged = (byte[])bytes.Clone();
                damaged[i] ^= change;
                try
                {
                    Try(damaged);
                }
                catch (InputException e)
                {
                    Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
                }
            }
        }

        // Sizes of gigabytes were among those: none of them was believed.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, tries * 4_000_000L);

        void Try(byte[] content)
        {
            File.WriteAllBytes(file, content);
            FaissContent read = FaissFile.Read(file);
            if (read.Graph is not null)
                FaissFile.OpenHnsw(file).Dispose();
        }
    }

    [Fact]
    public void Other_index_types_are_rejected_with_the_supported_ones()
    {
        InputException e = Assert.Throws<InputException>(() => FaissFile.ReadVectors(FaissGolden.Path("other-kind.faiss")));
        Assert.Contains("IndexHNSWFlat", e.Message, StringComparison.Ordinal);
        Assert.Contains(
            "no graph",
            Assert.Throws<InputException>(() => FaissFile.OpenHnsw(FaissGolden.Path("flat-l2.faiss"))).Message,
            StringComparison.Ordinal
        );
    }

    private static float[] TestVectorsOf(int seed, int count, int dimensions) => TestVectors.Clustered(count, dimensions, seed);
}
