using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Files;
using Sextant.Index;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Graph;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Local;

/// <summary>
/// A collection in a folder: documents in SQLite, the graph in its own file. Any number of threads and processes may read while one writes.
/// </summary>
internal sealed partial class LocalCollection : CollectionStore
{
    private const int ReadAttempts = 100;

    private readonly CollectionFiles _files;
    private readonly LiveIndex _index;
    private readonly ILogger _logger;
    private readonly RecentAnswers<IdSet> _filters = new();
    private readonly RecentAnswers<IReadOnlyList<Facet>> _facets = new();
    private readonly ConcurrentBag<DocumentReader> _readers = [];
    private readonly ConcurrentQueue<string> _warnings = [];

    // Held while the store or the graph changes; the writer and the lock exist from the first write on.
    private readonly SemaphoreSlim _changing = new(1, 1);
    private DocumentWriter? _writer;
    private WriterLock? _lock;
    private volatile bool _closed;

    // Which log belongs to which database.
    private volatile Tuple<FileIdentity, FileIdentity?>? _log;

    private LocalCollection(CollectionFiles files, Manifest manifest, ILogger logger)
    {
        _files = files;
        _logger = logger;
        _index = new(files, manifest);
    }

    public override string Name => _files.Name;

    public override bool IsLocal => true;

    public override Manifest Manifest => _index.Manifest;

    public override IReadOnlyList<string> Warnings => [.. _warnings];

    /// <summary>The graph.</summary>
    public LiveIndex Graph => _index;

    /// <summary>Reads the manifest of the collection, or returns <see langword="null"/> if none exists.</summary>
    public static Manifest? ReadManifest(CollectionFiles files)
    {
        if (!files.Exist)
            return null;
        files.RequireDatabase();
        try
        {
            using SqliteConnection connection = CollectionDatabase.OpenToRead(files, out _);
            return SqliteFile.ScalarOrNull(connection, "select 1 from sqlite_master limit 1") is null
                ? throw StorageError.Damaged(files.Documents, "it has no tables", orElse: "remove the folder to start over")
                : CollectionDatabase.ReadManifest(connection, files.Documents);
        }
        catch (SqliteException e)
        {
            throw StorageError.Translate(e, files.Documents);
        }
    }

    /// <summary>Makes an empty collection.</summary>
    public static void Create(CollectionFiles files, Manifest manifest)
    {
        Directory.CreateDirectory(files.Folder);
        if (ReadManifest(files) is not null)
            return;
        try
        {
            // It gets its name when it is whole, before anything else is there: an interruption leaves nothing that looks like a
            // collection.
            AtomicFile.CreateEntry(files.Documents, temporary => CollectionDatabase.Create(temporary, manifest), overwrite: false);
        }
        // Another process found nothing there at the same moment, and was first.
        catch (IOException) when (File.Exists(files.Documents)) { }
        catch (SqliteException e)
        {
            throw StorageError.Translate(e, files.Documents);
        }
    }

    /// <summary>Opens the collection there, whose manifest has been read.</summary>
    public static async Task<LocalCollection> OpenAsync(
        CollectionFiles files,
        Manifest manifest,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        LocalCollection collection = new(files, manifest, logger);
        try
        {
            await collection
                .ReadAsync(
                    reader =>
                    {
                        if (collection._index.Load(reader, collection.SaveWhileLoading, cancellationToken) is { } notice)
                            collection.Warn(notice);
                        return true;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return collection;
        }
        catch
        {
            await collection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override Task<StoredDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Find(id), cancellationToken);

    public override Task<IReadOnlyList<StoredDocument>> ReadAsync(long afterKey, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredDocument>>(reader => reader.All(afterKey, limit), cancellationToken);

    public override Task<IReadOnlyList<StoredDocument>> ReadAsync(
        long afterKey,
        int limit,
        FilterExpression filter,
        CancellationToken cancellationToken
    ) => ReadAsync<IReadOnlyList<StoredDocument>>(reader => reader.Matching(afterKey, limit, filter), cancellationToken);

    public override Task<long> GetLastKeyAsync(CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.LastKey(), cancellationToken);

    public override async IAsyncEnumerable<IReadOnlyList<StoredDocument>> ListAsync(
        int batchSize,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        long after = 0,
            listed = 0,
            first = -1,
            lastKey = 0;
        string? listedFrom = null;
        while (true)
        {
            (string incarnation, (long last, long newest, long count, List<StoredDocument> batch)) = await ReadAsync(
                    reader => (IncarnationOf(reader), reader.List(after, batchSize)),
                    cancellationToken
                )
                .ConfigureAwait(false);
            // Keys of one file say nothing about the documents of another.
            if (incarnation != (listedFrom ??= incarnation))
                throw new SextantException($"{_files.Name} was replaced while its documents were being read; read them again");
            if (first < 0)
                (first, lastKey) = (last, newest);
            listed += batch.Count;
            bool isEnd = batch.Count < batchSize;
            // Without concurrent writes, missing documents are lost. The count comes from a different table than the documents.
            if (isEnd && first == last && listed != count)
                throw DocumentReader.Lost(_files.Documents, listed, count);
            if (batch.Count > 0)
                after = batch[^1].Key;
            if (first != last)
                isEnd |= batch.RemoveAll(document => document.Key > lastKey) > 0;
            if (batch.Count > 0)
                yield return batch;
            if (isEnd)
                yield break;
        }
    }

    public override Task<IReadOnlyList<string>> FindIdsBySourceAsync(
        string source,
        Func<string, string, bool> predicate,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<string>>(
            reader => reader.FromSource(source).Where(found => predicate(found.Id, found.Source)).Select(found => found.Id).ToList(),
            cancellationToken
        );

    public override Task<float[]?> FindVectorAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Find(id)?.Vector, cancellationToken);

    public override Task<string?> GetSourceStateAsync(string source, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.SourceState(source), cancellationToken);

    public override Task<IReadOnlyList<StoredState?>> FindStatesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredState?>>(
            reader =>
            {
                StoredState?[] states = new StoredState?[ids.Count];
                reader.InOneState(_ =>
                {
                    for (int i = 0; i < states.Length; i++)
                        states[i] = reader.FindState(ids[i]);
                });
                return states;
            },
            cancellationToken
        );

    public override void ThrowIfReadOnly() => _files.ThrowIfReadOnly();

    public override Task<string?> GetIncarnationAsync(CancellationToken cancellationToken) =>
        ReadAsync(reader => (string?)IncarnationOf(reader), cancellationToken);

    public override Task<string?> GetVersionAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            reader => (string?)string.Create(CultureInfo.InvariantCulture, $"{IncarnationOf(reader)}-{reader.Changes().Last}"),
            cancellationToken
        );

    public override Task<long> CountAsync(CancellationToken cancellationToken) => ReadAsync(reader => reader.Count(), cancellationToken);

    public Task<T> ReadAsync<T>(Func<DocumentReader, T> read, CancellationToken cancellationToken) =>
        Task.Run(() => Read(read), cancellationToken);

    /// <summary>Closes everything if no other engine of this process uses it.</summary>
    public override ValueTask DisposeAsync() => SharedCollections.ReleaseAsync(this);

    /// <summary>Waits for a write in progress, saves the snapshot where that is worth it, and closes everything.</summary>
    public async ValueTask CloseAsync()
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            await Task.Run(SaveSnapshotAtEnd).ConfigureAwait(false);
        }
        finally
        {
            _closed = true;
            while (_readers.TryTake(out DocumentReader? reader))
                reader.Dispose();
            _writer?.Dispose();
            _lock?.Dispose();
            _index.Dispose();
            _changing.Dispose();
        }
    }

    private static string IncarnationOf(DocumentReader reader)
    {
        GraphSource source = reader.Source();
        return string.Create(CultureInfo.InvariantCulture, $"{source.File.Number}-{source.File.Created}-{source.Generation}");
    }

    private T Read<T>(Func<DocumentReader, T> read)
    {
        for (int attempt = 1; ; attempt++)
        {
            DocumentReader? reader = null;
            try
            {
                reader = TakeReader();
                T result = read(reader);
                if (!reader.IsUndisturbed && attempt < ReadAttempts)
                {
                    _index.Distrust();
                    continue;
                }

                if (!_closed)
                {
                    _readers.Add(reader);
                    reader = null;
                }

                return result;
            }
            catch (CollectionReplacedException) when (attempt < ReadAttempts) { }
            catch (Exception e)
                when (e is SqliteException or SextantException && attempt < ReadAttempts && reader is { IsUndisturbed: false })
            {
                _index.Distrust();
            }
            catch (SqliteException e)
            {
                throw StorageError.Translate(e, _files.Documents);
            }
            catch (InvalidDataException e)
            {
                throw StorageError.Damaged(_files.Documents, e.Message, e);
            }
            finally
            {
                // Still set if the read failed, with unfinished statements, or if it is no longer needed.
                reader?.Dispose();
            }
        }
    }

    // A reader of a file that no longer belongs to the collection, or was overwritten, is useless.
    private DocumentReader TakeReader()
    {
        FileState now = _files.State;
        while (_readers.TryTake(out DocumentReader? pooled))
        {
            if (pooled.IsCurrent(now))
                return pooled;
            pooled.Dispose();
        }

        RequireOwnLog(now);
        DocumentReader opened = new(_files);
        _log = Tuple.Create(now.Identity, FileState.Get(_files.Log)?.Identity);
        return opened;
    }

    // SQLite replays any log that it finds next to the database, and would mix two collections.
    private void RequireOwnLog(FileState now)
    {
        if (_log is not { Item2: { } log } known || known.Item1 == now.Identity)
            return;
        if (FileState.Get(_files.Log) is { Length: > 0 } found && found.Identity == log)
        {
            throw new SextantException(
                $"{_files.Documents} was replaced, but {Path.GetFileName(_files.Log)} next to it belongs to the old one: "
                    + "close all programs that use the collection and delete that file, or restore the collection from a backup"
            );
        }
    }

    private void Warn(string message)
    {
        _warnings.Enqueue(message);
        _logger.LogWarning("{Warning}", message);
    }
}
