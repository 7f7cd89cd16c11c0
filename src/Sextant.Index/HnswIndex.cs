using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Sextant.Index.Graphs;
using Sextant.Index.Snapshots;
using Sextant.Index.Traversal;
using Sextant.Numerics;

namespace Sextant.Index;

/// <summary>
/// An approximate nearest-neighbor index of vectors by id: a hierarchical navigable small world graph (Malkov and Yashunin,
/// arXiv:1603.09320) that supports deletes, and searches concurrent with insertions. All members are thread-safe.
/// </summary>
/// <remarks>
/// <para>No search that starts after the removal of a vector returns it. Its node stays in the graph for traversal until there are enough
/// removed nodes to consolidate; then its slot is reused.</para>
/// <para>Vectors are stored outside the managed heap until <see cref="Dispose"/>.</para>
/// </remarks>
public sealed unsafe partial class HnswIndex : IDisposable
{
    /// <summary>The most dimensions.</summary>
    public const int MaxDimensions = 65_536;

    /// <summary>Below this size a linear scan is faster than the graph.</summary>
    private const int ExactCount = 2_000;

    /// <summary>
    /// When so large a part of the vectors is new, going through all links costs less than a hundredth of what adding them did.
    /// </summary>
    private const int UnprovenShare = 16;

    private readonly GraphEngine _engine;
    private readonly Graph _graph;
    private readonly IdTable _nodes;
    private readonly Stack<int> _free = new();
    private readonly ConcurrentBag<WalkState> _states = [];

    /// <summary>Shared by those who add, alone for those who need the links to stand still.</summary>
    private readonly ReaderWriterLockSlim _writing = new();

    /// <summary>Shared by searches; exclusive for reusing the slot of a node.</summary>
    private readonly ReaderWriterLockSlim _searching = new();

    private SnapshotView? _snapshot;
    private int _efSearch;
    private int _replacements;
    private long _additions;

    // The number of insertions since all vectors were last proven reachable: a pruned link may have been the last one to its node.
    private int _unproven;
    private bool _disposed;

    /// <summary>An empty index.</summary>
    /// <param name="dimensions">The length of its vectors, from 1 to <see cref="MaxDimensions"/>.</param>
    /// <param name="options">How it is built; the defaults when <see langword="null"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public HnswIndex(int dimensions, HnswOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaxDimensions);
        Options = options ?? new();
        Options.Check();
        Dimensions = dimensions;
        _efSearch = Options.EfSearch;
        _engine = GraphEngine.Create(dimensions, Options);
        _graph = _engine.Graph;
        _nodes = new(_graph);
    }

    /// <summary>The length of its vectors.</summary>
    public int Dimensions { get; }

    /// <summary>How it is built.</summary>
    public HnswOptions Options { get; }

    /// <summary>How many vectors it holds.</summary>
    public int Count
    {
        get
        {
            lock (_nodes)
                return _nodes.Count;
        }
    }

    /// <summary>The default number of candidates of a search; at least 1. Stored in the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int EfSearch
    {
        get => Volatile.Read(ref _efSearch);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Volatile.Write(ref _efSearch, value);
        }
    }

    /// <summary>A number of the caller's, kept in the file.</summary>
    public long Stamp { get; set; }

    /// <summary>Whether there is a vector with this id.</summary>
    public bool Contains(long id)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        lock (_nodes)
            return _nodes.ContainsKey(id);
    }

    /// <summary>Adds a vector, or replaces the one with this id.</summary>
    /// <param name="id">Any number.</param>
    /// <param name="vector">
    /// A row of <see cref="Dimensions"/> finite numbers. For <see cref="SimilarityMetric.Cosine"/> only its direction counts; all zeros is
    /// allowed.
    /// </param>
    /// <exception cref="ArgumentException">The vector has another length, or holds NaN or infinity.</exception>
    public void Add(long id, ReadOnlySpan<float> vector)
    {
        Require(vector);
        WalkState state = Take();
        Add(id, vector, state);
        _states.Add(state);
    }

    /// <summary>
    /// Adds many vectors, one per row, on several threads. Rows with an existing id replace its vector. If they are a large part of the
    /// index, all unreachable vectors are linked afterward.
    /// </summary>
    /// <param name="ids">An id for each row.</param>
    /// <param name="rows">The rows, concatenated.</param>
    /// <param name="maxDegreeOfParallelism">
    /// The number of threads; -1 for one per core. With one thread, the same rows produce the same graph, as long as none is replaced.
    /// </param>
    /// <param name="progress">Receives the number of rows added.</param>
    /// <param name="ct">Cancels between two rows; rows already added stay.</param>
    /// <exception cref="ArgumentException">The lengths do not match, or a row holds NaN or infinity; nothing is added.</exception>
    public void AddRange(
        ReadOnlyMemory<long> ids,
        ReadOnlyMemory<float> rows,
        int maxDegreeOfParallelism = -1,
        IProgress<int>? progress = null,
        CancellationToken ct = default
    )
    {
        if ((long)ids.Length * Dimensions != rows.Length)
            throw new ArgumentException($"{ids.Length} ids need {(long)ids.Length * Dimensions} values, not {rows.Length}.", nameof(rows));
        if (!VectorMath.IsFinite(rows.Span))
            throw new ArgumentException("A row contains NaN or infinity.", nameof(rows));
        int done = 0;
        ParallelOptions options = Threads(maxDegreeOfParallelism, ct);
        Parallel.For(
            0,
            ids.Length,
            options,
            Take,
            (i, _, state) =>
            {
                Add(ids.Span[i], rows.Span.Slice(i * Dimensions, Dimensions), state);
                int now = Interlocked.Increment(ref done);
                if (now % 1_000 == 0 || now == ids.Length)
                    progress?.Report(now);
                return state;
            },
            _states.Add
        );
        if (Volatile.Read(ref _unproven) > Count / UnprovenShare)
            RelinkUnreachable();
        _engine.Prepare(options);
    }

    /// <summary>Lets go of its file, if it has one. Searches under way are waited for.</summary>
    public void Dispose()
    {
        _writing.EnterWriteLock();
        _searching.EnterWriteLock();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            _snapshot?.Dispose();
            _graph.Vectors.Dispose();
        }
        finally
        {
            _searching.ExitWriteLock();
            _writing.ExitWriteLock();
        }
    }

    private void Add(long id, ReadOnlySpan<float> vector, WalkState state)
    {
        _writing.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ReadOnlySpan<float> prepared = Prepare(vector, state);
            if (HasAlready(id, prepared, state))
                return;
            int node = TakePlace(id);
            _engine.Write(node, prepared);
            _graph.SetState(node, NodeState.Linking);
            int head = _engine.Insert(node, _engine.QueryOf(prepared, state), state);
            lock (_nodes)
            {
                bool replaces = _nodes.TryGetValue(id, out int before);
                if (replaces)
                    Interlocked.Increment(ref _replacements);
                // First, so that a vector which is replaced by its equal keeps its place.
                if (head < 0)
                    _graph.Twins.Enter(node);
                else if (_graph.Twins.Join(head, node))
                    _removed--;
                if (replaces)
                    _removed += _graph.Twins.Leave(before);
                _nodes[id] = node;
                _additions++;
                _unproven++;
            }
        }
        finally
        {
            _writing.ExitReadLock();
        }

        TidyIfDue();
    }

    private bool HasAlready(long id, ReadOnlySpan<float> prepared, WalkState state)
    {
        int node;
        lock (_nodes)
        {
            if (!_nodes.TryGetValue(id, out node))
                return false;
        }

        Span<float> vector = state.Vector(Dimensions);
        _graph.Vectors.Read(node, vector);
        return MemoryMarshal.AsBytes(vector).SequenceEqual(MemoryMarshal.AsBytes(prepared));
    }

    private int TakePlace(long id)
    {
        lock (_nodes)
        {
            if (!_free.TryPop(out int node))
                node = _graph.Append(NodeLevels.Draw(_graph.Count, Options));
            _graph.Record(node).Id = id;
            return node;
        }
    }

    // If only directions count, every vector is scaled to length 1.
    private ReadOnlySpan<float> Prepare(ReadOnlySpan<float> vector, WalkState state)
    {
        if (Options.Metric != SimilarityMetric.Cosine)
            return vector;
        Span<float> unit = state.Wanted(Dimensions);
        vector.CopyTo(unit);
        VectorMath.Normalize(unit);
        return unit;
    }

    private void Require(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException($"The vector has {vector.Length} values; this index has vectors of {Dimensions}.", nameof(vector));
        }

        if (!VectorMath.IsFinite(vector))
            throw new ArgumentException("The vector contains NaN or infinity.", nameof(vector));
    }

    /// <summary>
    /// One per core by default. Without a limit, the pool adds threads while others wait for the file, and each keeps marks of all nodes.
    /// </summary>
    private static ParallelOptions Threads(int most = -1, CancellationToken ct = default) =>
        new() { MaxDegreeOfParallelism = most == -1 ? Environment.ProcessorCount : most, CancellationToken = ct };

    private WalkState Take() => _states.TryTake(out WalkState? state) ? state : new();
}
