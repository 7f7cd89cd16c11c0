using Sextant.Index.Memory;
using Sextant.Index.Packing;
using Sextant.Index.Snapshots;
using Sextant.Index.Spaces;
using Sextant.Index.Traversal;
using Sextant.Numerics;

namespace Sextant.Index.Graphs;

/// <summary>The operations of an index on its graph, independent of the code format.</summary>
internal abstract unsafe class GraphEngine
{
    public static GraphEngine Create(int dimensions, HnswOptions options)
    {
        bool euclidean = options.Metric == SimilarityMetric.Euclidean;
        bool inMemory = options.Storage is VectorStorage.Float32 or VectorStorage.Packed;
        VectorRows vectors = inMemory ? new MemoryRows(dimensions) : new RowFile(dimensions);
        return options.Storage switch
        {
            VectorStorage.Int4 => new GraphEngine<Int4Space>(
                new(Rotation(Int4Space.Padded(dimensions)), euclidean),
                vectors,
                dimensions,
                options
            ),
            VectorStorage.Bit => new GraphEngine<BitSpace>(
                new(Rotation(BitSpace.Padded(dimensions)), euclidean),
                vectors,
                dimensions,
                options
            ),
            VectorStorage.Packed => new PackedEngine(new(Rotation(Int8Space.Padded(dimensions)), euclidean), vectors, dimensions, options),
            _ => new GraphEngine<Int8Space>(new(Rotation(Int8Space.Padded(dimensions)), euclidean), vectors, dimensions, options),
        };

        RandomRotation Rotation(int length) => new(length, options.Seed);
    }

    public abstract Graph Graph { get; }

    public abstract int RowBytes { get; }

    /// <summary>Writes the vector of a node.</summary>
    public abstract void Write(int node, ReadOnlySpan<float> vector);

    /// <summary>The vector as a query, in memory of <paramref name="state"/>.</summary>
    public abstract byte* QueryOf(ReadOnlySpan<float> vector, WalkState state);

    /// <summary>The distance between a query and a node estimated from the code in memory, and the error bound.</summary>
    public abstract float Distance(byte* query, int node);

    /// <inheritdoc cref="IRowSpace.Doubt"/>
    public abstract float Doubt(byte* query, int node);

    /// <inheritdoc cref="GraphBuilder{TSpace}.Insert"/>
    public abstract int Insert(int node, byte* query, WalkState state);

    /// <inheritdoc cref="GraphBuilder{TSpace}.WriteLinks"/>
    public abstract void WriteLinks(int node, int level, ReadOnlySpan<int> links, WalkState state);

    /// <summary>Computes ahead of time what searches otherwise compute when they first need it.</summary>
    public virtual void Prepare(ParallelOptions options) { }

    /// <summary>Fills the pool of <paramref name="state"/> with nodes near to the query, removed ones among them.</summary>
    public abstract void Search(byte* query, int ef, WalkState state);

    /// <inheritdoc cref="FilteredWalk{TSpace}.Search"/>
    public abstract bool Search(byte* query, NodeSet passing, int ef, int mostSteps, WalkState state);

    /// <inheritdoc cref="RangeWalk{TSpace}.Spread"/>
    public abstract void Spread(byte* query, float limit, WalkState state);

    /// <inheritdoc cref="FilteredWalk{TSpace}.Scan"/>
    public abstract void Scan(byte* query, NodeSet? passing, WalkState state);

    /// <inheritdoc cref="GraphCare{TSpace}.BypassRemoved()"/>
    public abstract void BypassRemoved();

    /// <inheritdoc cref="GraphCare{TSpace}.BypassRemoved(int, WalkState)"/>
    public abstract void BypassRemoved(int node, WalkState state);

    /// <inheritdoc cref="GraphCare{TSpace}.Unreachable"/>
    public abstract List<int> Unreachable();

    /// <inheritdoc cref="GraphCare{TSpace}.Reconnect()"/>
    public abstract int Reconnect();
}

/// <inheritdoc cref="GraphEngine"/>
internal unsafe class GraphEngine<TSpace> : GraphEngine
    where TSpace : struct, IRowSpace
{
    private readonly TSpace _space;
    private readonly GraphWalk<TSpace> _walk;
    private readonly GraphBuilder<TSpace> _builder;
    private readonly GraphCare<TSpace> _care;
    private readonly FilteredWalk<TSpace> _filtered;
    private readonly RangeWalk<TSpace> _ranges;

    public GraphEngine(TSpace space, VectorRows vectors, int dimensions, HnswOptions options, LinkBatches? batches = null)
    {
        _space = space;
        Graph graph = new(options.M, space.RowBytes, vectors, dimensions, options.LowestLinks, batches);
        Graph = graph;
        _walk = new(graph, space);
        _filtered = new(_walk);
        _ranges = new(_walk);
        _builder = new(_walk, options.EfConstruction);
        _care = new(_walk, _builder, dimensions, options.EfConstruction);
    }

    public override Graph Graph { get; }

    protected GraphWalk<TSpace> Walk => _walk;

    public override int RowBytes => _space.RowBytes;

    public override void Write(int node, ReadOnlySpan<float> vector)
    {
        _space.Encode(vector, Graph.Rows[node]);
        Graph.Vectors.Write(node, vector);
    }

    public override byte* QueryOf(ReadOnlySpan<float> vector, WalkState state)
    {
        byte* query = state.Query(_space.QueryBytes);
        _space.EncodeQuery(vector, query);
        return query;
    }

    public override float Distance(byte* query, int node) => _walk.Distance(query, node);

    public override float Doubt(byte* query, int node) => _space.Doubt(query, Graph.Rows[node]);

    public override int Insert(int node, byte* query, WalkState state) => _builder.Insert(node, query, state);

    public override void WriteLinks(int node, int level, ReadOnlySpan<int> links, WalkState state) =>
        _builder.WriteLinks(node, level, links, state);

    public override void Search(byte* query, int ef, WalkState state)
    {
        int entry = Graph.Entry;
        if (entry < 0)
        {
            state.Pool.Reset(ef);
            return;
        }

        SearchLowest(query, _walk.Descend(query, entry, Graph.Record(entry).Level, 1), ef, state);
    }

    /// <summary>Searches level 0 from a node on.</summary>
    protected virtual void SearchLowest(byte* query, int start, int ef, WalkState state) => _walk.Search(query, start, 0, ef, state);

    public override bool Search(byte* query, NodeSet passing, int ef, int mostSteps, WalkState state)
    {
        int entry = Graph.Entry;
        return entry >= 0
            && _filtered.Search(query, _walk.Descend(query, entry, Graph.Record(entry).Level, 1), passing, ef, mostSteps, state);
    }

    public override void Spread(byte* query, float limit, WalkState state) => _ranges.Spread(query, limit, state);

    public override void Scan(byte* query, NodeSet? passing, WalkState state) => _filtered.Scan(query, passing, state);

    public override void BypassRemoved() => _care.BypassRemoved();

    public override void BypassRemoved(int node, WalkState state) => _care.BypassRemoved(node, state);

    public override List<int> Unreachable() => _care.Unreachable();

    public override int Reconnect() => _care.Reconnect();
}
