using Sextant.Index.Spaces;
using Sextant.Vectors;

namespace Sextant.Index;

/// <summary>What an index does with its graph, whatever its rows are made of.</summary>
internal abstract unsafe class GraphEngine
{
    public abstract int RowBytes { get; }

    public static GraphEngine Create(int dimensions, HnswOptions options) => options.Metric == SimilarityMetric.Euclidean
        ? new GraphEngine<FloatEuclideanSpace>(new(dimensions), options)
        : new GraphEngine<FloatDotSpace>(new(dimensions), options);

    public abstract Graph Graph { get; }

    public abstract void Encode(ReadOnlySpan<float> vector, byte* row);

    public abstract float Distance(byte* row, int node);

    public abstract void Insert(int node, WalkState state);

    /// <summary>Fills the pool of <paramref name="state"/> with nodes near to the row, removed ones among them.</summary>
    public abstract void Search(byte* row, int ef, WalkState state);

    /// <inheritdoc cref="GraphCare{TSpace}.BypassRemoved"/>
    public abstract void BypassRemoved();

    /// <inheritdoc cref="GraphCare{TSpace}.Unreachable"/>
    public abstract List<int> Unreachable();

    /// <inheritdoc cref="GraphCare{TSpace}.Reconnect()"/>
    public abstract int Reconnect();
}

/// <inheritdoc cref="GraphEngine"/>
internal sealed unsafe class GraphEngine<TSpace> : GraphEngine
    where TSpace : struct, IRowSpace
{
    private readonly TSpace _space;
    private readonly GraphWalk<TSpace> _walk;
    private readonly GraphBuilder<TSpace> _builder;
    private readonly GraphCare<TSpace> _care;

    public GraphEngine(TSpace space, HnswOptions options)
    {
        _space = space;
        Graph = new(options.M, space.RowBytes);
        _walk = new(Graph, space);
        _builder = new(_walk, options.EfConstruction);
        _care = new(_walk, _builder, options.EfConstruction);
    }

    public override int RowBytes => _space.RowBytes;

    public override Graph Graph { get; }

    public override void Encode(ReadOnlySpan<float> vector, byte* row) => _space.Encode(vector, row);

    public override float Distance(byte* row, int node) => _walk.Distance(row, node);

    public override void Insert(int node, WalkState state) => _builder.Insert(node, state);

    public override void Search(byte* row, int ef, WalkState state)
    {
        int entry = Graph.Entry;
        if (entry < 0)
        {
            state.Pool.Reset(ef);
            return;
        }

        int start = _walk.Descend(row, entry, Graph.Record(entry).Level, 1);
        _walk.Search(row, start, 0, ef, state);
    }

    public override void BypassRemoved() => _care.BypassRemoved();

    public override List<int> Unreachable() => _care.Unreachable();

    public override int Reconnect() => _care.Reconnect();
}
