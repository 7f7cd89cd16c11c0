using Sextant.Index.Graphs;
using Sextant.Index.Memory;
using Sextant.Index.Spaces;
using Sextant.Index.Traversal;
using Sextant.Numerics;

namespace Sextant.Index.Packing;

/// <summary>
/// An engine whose searches estimate distances by <see cref="LinkBatches"/>. Graphs are built, filtered and repaired as all others are.
/// </summary>
internal sealed unsafe class PackedEngine : GraphEngine<Int8Space>
{
    private readonly LinkPacker _packer;
    private readonly PackedWalk _packed;

    public PackedEngine(Int8Space space, VectorRows vectors, int dimensions, HnswOptions options)
        : base(space, vectors, dimensions, options, new(space.CodeBytes, options.LowestLinks))
    {
        LinkBatches batches = Graph.Batches!;
        _packer = new(Walk, batches, options.Metric == SimilarityMetric.Euclidean);
        _packed = new(Walk, batches, _packer);
    }

    public override void Prepare(ParallelOptions options) => Parallel.For(0, Graph.Count, options, _packer.Pack);

    protected override void SearchLowest(byte* query, int start, int ef, WalkState state) => _packed.Search(query, start, ef, state);
}
