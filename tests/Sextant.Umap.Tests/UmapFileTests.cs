using System.IO.Hashing;
using CsCheck;
using Sextant.Numerics;
using Sextant.Tests.Shared;

namespace Sextant.Umap.Tests;

public sealed class UmapFileTests : IDisposable
{
    private const int Dimensions = 7;

    private readonly TempFolder _folder = new();

    private string Saved => _folder.File("model.umap");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SimilarityMetric.Cosine)]
    [InlineData(SimilarityMetric.Dot)]
    [InlineData(SimilarityMetric.Euclidean)]
    public void Saved_model_projects_rows_to_the_same_points(SimilarityMetric metric)
    {
        float[] rows = Blobs.Rows(3, 90, Dimensions),
            others = Blobs.Rows(3, 20, Dimensions, seed: 8);
        rows.AsSpan(0, Dimensions).Clear();
        UmapOptions options = new()
        {
            Metric = metric,
            Epochs = 20,
            Components = 3,
            Neighbors = 9,
            MinDist = 0.2,
            Spread = 1.5,
            Seed = 5,
            RepulsionStrength = 1.5,
            LocalConnectivity = 2,
            SetOpMixRatio = 0.75,
            DensityWeight = 1,
            DensityFraction = 0.5,
            DensityVarianceShift = 0.2,
        };
        UmapModel model = UmapModel.Fit(rows, Dimensions, options);
        model.Save(Saved);

        UmapModel loaded = UmapModel.Load(Saved);

        Assert.Equal(options, loaded.Options);
        Assert.Equal(model.Embedding.ToArray(), loaded.Embedding.ToArray());
        Assert.Equal(model.Transform(others), loaded.Transform(others));
    }

    [Fact]
    public void Saved_model_of_neighbors_keeps_its_layout_and_rejects_new_rows()
    {
        UmapModel.Fit(new NeighborTable(4, [1, 2, 0, 3, 0, 3, 1, 2], [1, 2, 1, 2, 2, 1, 2, 1])).Save(Saved);
        UmapModel loaded = UmapModel.Load(Saved);
        Assert.Equal(4, loaded.Count);
        Assert.Throws<InvalidOperationException>(() => loaded.Transform(new float[Dimensions]));
    }

    [Fact]
    public void Model_saved_before_the_options_of_densMAP_opens_with_their_defaults()
    {
        UmapModel model = UmapModel.Fit(
            Blobs.Rows(2, 12, Dimensions),
            Dimensions,
            new() { Epochs = 1, Metric = SimilarityMetric.Euclidean }
        );
        model.Save(Saved);
        byte[] now = File.ReadAllBytes(Saved);
        byte[] before = [.. now[..88], .. now[136..^8]];
        BitConverter.TryWriteBytes(before.AsSpan(4), 1);
        File.WriteAllBytes(Saved, [.. before, .. XxHash3.Hash(before)]);

        UmapModel loaded = UmapModel.Load(Saved);

        Assert.Equal(model.Options, loaded.Options);
        Assert.Equal(model.Embedding.ToArray(), loaded.Embedding.ToArray());
    }

    [Fact]
    public void Empty_model_is_saved_and_opened()
    {
        UmapModel.Fit(ReadOnlyMemory<float>.Empty, Dimensions).Save(Saved);
        Assert.Equal(0, UmapModel.Load(Saved).Count);
    }

    [Fact]
    public void Any_changed_bit_and_missing_or_added_byte_is_detected()
    {
        UmapModel.Fit(Blobs.Rows(2, 12, Dimensions), Dimensions, new() { Epochs = 1, Metric = SimilarityMetric.Euclidean }).Save(Saved);
        byte[] whole = File.ReadAllBytes(Saved);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 7], Gen.Int[0, 3])
            .Sample(
                (at, bit, kind) =>
                {
                    byte[] broken = kind switch
                    {
                        0 => whole[..at],
                        1 => [.. whole, .. new byte[at + 1]],
                        _ => [.. whole],
                    };
                    if (kind > 1)
                        broken[at] ^= (byte)(1 << bit);
                    string file = _folder.File($"{Guid.NewGuid():N}.umap");
                    File.WriteAllBytes(file, broken);
                    string message = Assert.Throws<InputException>(() => UmapModel.Load(file)).Message;
                    Assert.StartsWith(file, message, StringComparison.Ordinal);
                },
                iter: 500
            );
    }

    [Fact]
    public void File_that_declares_more_than_it_contains_is_rejected_before_allocation()
    {
        UmapModel.Fit(Blobs.Rows(2, 12, Dimensions), Dimensions, new() { Epochs = 1 }).Save(Saved);
        byte[] broken = File.ReadAllBytes(Saved);
        BitConverter.TryWriteBytes(broken.AsSpan(8), 500_000_000);
        File.WriteAllBytes(Saved, broken);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => UmapModel.Load(Saved));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
