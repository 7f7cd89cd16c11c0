using System.Globalization;
using System.Security.Cryptography;
using Sextant.Files;
using Sextant.Index;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Local;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Graph;

/// <summary>
/// The in-memory graph of a collection, kept in sync with <c>documents.db</c> by change numbers: loaded from its snapshot, updated by
/// replaying later changes, and rebuilt if no snapshot can be trusted.
/// </summary>
/// <remarks>
/// Searches may run at any time, from any thread. The caller must serialize changes. The lock only keeps a search from using a graph that
/// is being replaced or disposed.
/// </remarks>
internal sealed partial class LiveIndex(CollectionFiles files, Manifest manifest) : IDisposable
{
    private const int SnapshotShare = 4;

    private readonly ReaderWriterLockSlim _replacing = new();
    private HnswIndex _index = new(manifest.Dimensions, manifest.Index);
    private Manifest _manifest = manifest;
    private GraphSource? _source;
    private volatile Tuple<FileState?> _snapshot = new(null);
    private long _change;

    /// <summary>The last change that the graph holds.</summary>
    public long Change => Volatile.Read(ref _change);

    /// <summary>What the graph was loaded from; <see langword="null"/> when that cannot be trusted.</summary>
    public GraphSource? Source => IsSnapshotOverwritten ? null : Volatile.Read(ref _source);

    // Vectors are read from the snapshot where they are. A file of that name that is another one leaves them alone.
    private bool IsSnapshotOverwritten =>
        _snapshot is { Item1: { } loaded } && FileState.Get(files.Index) is { } now && now.Identity == loaded.Identity && now != loaded;

    public int Count => Reading(static index => index.Count);

    /// <summary>How many vectors were added or removed since the snapshot was written.</summary>
    public int Unsaved { get; private set; }

    /// <summary>The number of vectors with links in the loaded snapshot; 0 if no snapshot could be trusted.</summary>
    public int Loaded { get; private set; }

    /// <summary>
    /// A graph is written while it grows each time that so many vectors, or a quarter of it, are new: a crash costs no more than these.
    /// </summary>
    public int SnapshotInterval { get; set; } = 50_000;

    /// <summary>How many vectors are read and linked at a time.</summary>
    public int BatchRows { get; init; } = DocumentReader.RowsAtOnce(manifest.Dimensions);

    /// <summary>Whether enough is new for the snapshot to be written on the way.</summary>
    public bool IsWorthSaving() => IsWorthSaving(Unsaved, Count);

    public Neighbor[] Search(ReadOnlyMemory<float> query, int count, SearchParameters parameters) =>
        Reading(index => index.Search(query.Span, count, parameters));

    /// <summary>Searches, unless the graph was loaded from something else by now; then <see langword="null"/>.</summary>
    public Neighbor[]? Search(GraphSource source, ReadOnlyMemory<float> query, int count, SearchParameters parameters) =>
        Reading(index => _source == source ? index.Search(query.Span, count, parameters) : null);

    /// <inheritdoc cref="HnswIndex.Options"/>
    public HnswOptions Options => Reading(static index => index.Options);

    /// <inheritdoc cref="HnswIndex.EfSearch"/>
    public int EfSearch => Reading(static index => index.EfSearch);

    /// <inheritdoc cref="HnswIndex.ToGraph"/>
    public (HnswGraph Graph, long[] Keys) ToGraph() => Reading(static index => index.ToGraph());

    public bool Contains(long key) => Reading(index => index.Contains(key));

    /// <summary>Loads the snapshot and replays later changes, or rebuilds the graph.</summary>
    /// <param name="reader">Reads the vectors.</param>
    /// <param name="onTheWay">Receives the unfinished graph during a long build, and the last change that it contains.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>A notice for the user: why the graph was rebuilt; <see langword="null"/> if it was not.</returns>
    public string? Load(DocumentReader reader, Action<HnswIndex, long>? onTheWay, CancellationToken cancellationToken)
    {
        string? reason = null;
        long vectors = reader.CountVectorsSince(0);
        reader.InOneState(last => reason = LoadAt(last, reader, onTheWay, cancellationToken));
        return reason is null || vectors == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{files.Index} {reason}: rebuilt from {Path.GetFileName(files.Documents)} ({vectors:N0} vectors)"
            );
    }

    /// <summary>Applies the changes that were committed, here or by another process, since <see cref="Change"/>.</summary>
    public void CatchUp(DocumentReader reader, CancellationToken cancellationToken) =>
        reader.InOneState(last =>
        {
            bool moved = reader.Source() != Source;
            if (_change == last && !moved)
                return;
            // A stale graph must not replace the one that others have loaded from the new file.
            if (moved)
                reader.RequireInPlace();
            // The model or the file has changed; the collection was restored; or it was compacted, so that the list of deletions does not
            // reach
            // back to this graph.
            if (moved || _change > last || _change < reader.Changes().Purged)
            {
                LoadAt(last, reader, null, cancellationToken);
                return;
            }

            Unsaved += Replay(_index, _change, reader, null, cancellationToken);
            Volatile.Write(ref _change, last);
        });

    /// <summary>Applies one committed change that follows directly on <see cref="Change"/>.</summary>
    public void Apply(long change, IReadOnlyDictionary<long, float[]> vectors)
    {
        long[] keys = [.. vectors.Keys];
        float[] rows = new float[keys.Length * Manifest.Dimensions];
        for (int i = 0; i < keys.Length; i++)
            vectors[keys[i]].CopyTo(rows.AsSpan(i * Manifest.Dimensions));
        _index.AddRange(keys, rows);
        Unsaved += keys.Length;
        Volatile.Write(ref _change, change);
    }

    /// <summary>Applies one committed deletion that follows directly on <see cref="Change"/>.</summary>
    public void Apply(long change, IReadOnlyList<long> deleted)
    {
        foreach (long key in deleted)
            _index.Remove(key);
        Unsaved += deleted.Count;
        Volatile.Write(ref _change, change);
    }

    /// <summary>
    /// Rebuilds the graph from the stored vectors, without any trace of deleted ones. Searches use the old graph until then.
    /// </summary>
    public void Rebuild(DocumentReader reader, CancellationToken cancellationToken) =>
        reader.InOneState(last =>
        {
            (GraphSource source, Manifest current) = CurrentManifest(reader);
            HnswIndex fresh = new(current.Dimensions, current.Index);
            try
            {
                Replay(fresh, 0, reader, null, cancellationToken);
            }
            catch
            {
                fresh.Dispose();
                throw;
            }

            Replace(fresh, last, source, current);
            Unsaved = fresh.Count;
        });

    /// <summary>
    /// Writes the snapshot. A crash at any point leaves a snapshot that is known to be of this database, or is known not to be.
    /// </summary>
    public void Save(DocumentWriter writer)
    {
        if (!Save(writer, _index, _change))
            return;
        Unsaved = 0;
    }

    /// <summary>
    /// Writes a graph that is on its way as the snapshot. It holds everything up to <paramref name="change"/>, and perhaps more.
    /// </summary>
    /// <returns>Whether the collection is still of the model that the graph is of.</returns>
    public bool Save(DocumentWriter writer, HnswIndex index, long change)
    {
        // Next to another database, the snapshot would conflict with that database's own.
        if (!writer.IsInPlace)
            return false;
        long token = NewToken();
        // Of the vectors before a move to another model nothing is kept that could be taken for those after it.
        if (!writer.AnnounceSnapshot(token, change, Manifest.Fingerprint))
            return false;
        index.Stamp = token;
        index.Save(files.Index);
        writer.KeepOnlySnapshot(token);
        return true;
    }

    /// <summary>Writes the graph to another location, marked with <paramref name="token"/>.</summary>
    public void SaveCopy(string path, long token)
    {
        _index.Stamp = token;
        _index.Save(path);
    }

    /// <summary>A mark that no other snapshot of any collection carries.</summary>
    public static long NewToken() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public void Dispose()
    {
        _replacing.EnterWriteLock();
        _index.Dispose();
        _replacing.ExitWriteLock();
    }

    // The token, not a change number, ties a snapshot to its database: numbers repeat in another collection,
    // and in this one after an older backup is restored.
    private static string? TryLoadSnapshot(string file, Manifest manifest, DocumentReader reader, out HnswIndex? index, out long change)
    {
        (index, change) = (null, 0);
        if (!File.Exists(file))
            return "is missing";
        HnswIndex? loaded = null;
        try
        {
            loaded = HnswIndex.Open(file);
            if (loaded.Dimensions != manifest.Dimensions || reader.SnapshotChange(loaded.Stamp) is not { } held)
                return "belongs to another state or another collection";
            (long last, long purged) = reader.Changes();
            if (held > last)
                return "belongs to another state or another collection";
            if (held < purged)
                return "is older than the last compaction";
            // The snapshot may be older than the setting.
            loaded.EfSearch = manifest.Index.EfSearch;
            (index, change, loaded) = (loaded, held, null);
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return $"cannot be used ({e.Message})";
        }
        finally
        {
            loaded?.Dispose();
        }
    }

    // The new graph is whole before searches are given it.
    private string? LoadAt(long last, DocumentReader reader, Action<HnswIndex, long>? onTheWay, CancellationToken cancellationToken)
    {
        (GraphSource source, Manifest current) = CurrentManifest(reader);
        FileState? snapshot = FileState.Get(files.Index);
        string? reason = TryLoadSnapshot(files.Index, current, reader, out HnswIndex? index, out long held);
        // A move to another model may have stopped between its transaction and giving its graph its name.
        if (reason is not null && TryLoadSnapshot(files.NextIndex, current, reader, out index, out held) is null)
            reason = null;
        index ??= new(current.Dimensions, current.Index);
        try
        {
            Loaded = index.Count;
            Unsaved = Replay(index, held, reader, onTheWay, cancellationToken);
            long vectors = reader.CountVectorsSince(0);
            if (index.Count != vectors && Loaded > 0)
            {
                // The database's record of the snapshot, or of later changes, is wrong.
                reason ??= "does not contain what it should";
                index.Dispose();
                index = new(current.Dimensions, current.Index);
                Loaded = 0;
                Unsaved = Replay(index, 0, reader, onTheWay, cancellationToken);
            }

            if (index.Count != vectors || reader.LastVectorChange() > last)
                throw StorageError.Damaged(files.Documents, "its vectors do not match its count of changes");
        }
        catch
        {
            index.Dispose();
            throw;
        }

        Replace(index, last, source, current);
        _snapshot = new(snapshot);
        return reason;
    }

    /// <summary>Has the graph loaded again at the next look at the database, because what it was made from was not one state.</summary>
    public void Distrust() => Volatile.Write(ref _source, null);

    private (GraphSource Source, Manifest Manifest) CurrentManifest(DocumentReader reader)
    {
        GraphSource source = reader.Source();
        return (source, source == _source ? Manifest : Manifest.Read(reader.Connection));
    }

    private int Replay(
        HnswIndex index,
        long since,
        DocumentReader reader,
        Action<HnswIndex, long>? onTheWay,
        CancellationToken cancellationToken
    )
    {
        List<long> deleted = since == 0 ? [] : reader.DeletedSince(since);
        foreach (long key in deleted)
            index.Remove(key);
        int count = deleted.Count,
            unsaved = count;
        reader.VectorsSince(
            since,
            index.Dimensions,
            BatchRows,
            (keys, rows, last) =>
            {
                index.AddRange(keys, rows, ct: cancellationToken);
                count += keys.Length;
                unsaved += keys.Length;
                if (onTheWay is null || !IsWorthSaving(unsaved, index.Count))
                    return;
                // There may be more of the change that the batch ended in.
                onTheWay(index, last - 1);
                (count, unsaved) = (count - unsaved, 0);
            },
            cancellationToken
        );
        return count;
    }

    // Waiting for a good part of the graph to be new keeps the whole cost of snapshots proportional to the graph.
    private bool IsWorthSaving(int unsaved, int count) => unsaved >= Math.Max(SnapshotInterval, count / SnapshotShare);

    private void Replace(HnswIndex index, long change, GraphSource source, Manifest manifest)
    {
        _replacing.EnterWriteLock();
        (HnswIndex old, _index) = (_index, index);
        Volatile.Write(ref _manifest, manifest);
        Volatile.Write(ref _source, source);
        _replacing.ExitWriteLock();
        old.Dispose();
        Volatile.Write(ref _change, change);
    }

    private T Reading<T>(Func<HnswIndex, T> read)
    {
        _replacing.EnterReadLock();
        try
        {
            return read(_index);
        }
        finally
        {
            _replacing.ExitReadLock();
        }
    }
}
