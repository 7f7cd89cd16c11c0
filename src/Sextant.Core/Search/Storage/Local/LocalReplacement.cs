using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Files;
using Sextant.Index;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Graph;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Local;

/// <summary>New vectors of a collection in a folder. Uses its own connection, in parallel with the collection's writer.</summary>
internal sealed class LocalReplacement : VectorReplacement
{
    private const int LastBatch = 256;

    private readonly CollectionFiles _files;
    private readonly VectorRole _role;
    private readonly HeldFile _lock;
    private readonly FileIdentity _file;
    private readonly SqliteConnection _connection;
    private readonly Manifest _manifest;
    private readonly DocumentRow _rows;

    // A connection serves one at a time.
    private readonly SemaphoreSlim _using = new(1, 1);
    private (long Token, long Change)? _snapshot;

    private LocalReplacement(CollectionFiles files, VectorRole role, Manifest? next)
    {
        (_files, _role) = (files, role);
        _lock = Take(files);
        try
        {
            _file = files.State.Identity;
            _connection = CollectionDatabase.OpenToWrite(files);
            _rows = new(files.Documents, CollectionFormat.Read(_connection));
            _manifest = Begin(_connection, files, role, next);
        }
        catch (Exception e)
        {
            _connection?.Dispose();
            _lock.Dispose();
            if (e is SqliteException sqlite)
                throw StorageError.Translate(sqlite, files.Documents);
            if (e is InvalidDataException)
                throw StorageError.Damaged(files.Documents, e.Message, e);
            throw;
        }
    }

    public override Manifest Manifest => _manifest;

    private string Table => StoredVectors.Table(_role);

    /// <summary>
    /// Begins to replace all vectors or, without <paramref name="next"/>, to put those back that the last replacement left.
    /// </summary>
    public static Task<VectorReplacement> OpenAsync(CollectionFiles files, Manifest? next, CancellationToken cancellationToken) =>
        Task.Run<VectorReplacement>(
            () => new LocalReplacement(files, next is null ? VectorRole.Previous : VectorRole.Next, next),
            cancellationToken
        );

    /// <summary>Drops vectors, independent of concurrent writes of documents.</summary>
    public static void Drop(CollectionFiles files, VectorRole role)
    {
        using HeldFile held = Take(files);
        using SqliteConnection connection = CollectionDatabase.OpenToWrite(files);
        using WriteTransaction transaction = new(connection);
        if (StoredVectors.Find(connection, role) is null)
            throw Nothing(files, role);
        StoredVectors.Drop(connection, role);
        transaction.Commit();
        if (role == VectorRole.Next)
            File.Delete(files.NextIndex);
    }

    public override Task<(long Ready, long Total)> CountAsync(CancellationToken cancellationToken) =>
        UseAsync(
            () =>
                (
                    SqliteFile.Scalar(
                        _connection,
                        $"select count(*) from vectors v join {Table} n on n.key = v.key and n.change = v.change"
                    ),
                    SqliteFile.Scalar(_connection, "select count(*) from documents")
                ),
            cancellationToken
        );

    public override Task<IReadOnlyList<PendingText>> ListPendingTextsAsync(long afterKey, int limit, CancellationToken cancellationToken) =>
        UseAsync<IReadOnlyList<PendingText>>(
            () => StoredVectors.Pending(_connection, _rows, _role, isThere: true, afterKey, limit),
            cancellationToken
        );

    public override Task PutAsync(IReadOnlyList<PendingText> texts, IReadOnlyList<float[]> vectors, CancellationToken cancellationToken) =>
        UseAsync(
            () =>
            {
                using WriteTransaction transaction = new(_connection, RequireStanding);
                Put(texts, vectors);
                transaction.Commit();
                return true;
            },
            cancellationToken
        );

    public override Task BuildIndexAsync(CancellationToken cancellationToken) =>
        UseAsync(
            () =>
            {
                using DocumentReader reader = new(_files);
                using HnswIndex index = new(_manifest.Dimensions, _manifest.Index);
                long held = 0;
                reader.InOneState(last =>
                {
                    // Changes after the oldest missing one are replayed, as on every opening of a graph.
                    held =
                        SqliteFile.ScalarOrNull(
                            reader.Connection,
                            $"select min(v.change) from vectors v where not exists (select 1 from {Table} n where n.key = v.key and "
                                + $"n.change = v.change)"
                        ) - 1
                        ?? last;
                    reader.VectorsOf(
                        Table,
                        _manifest.Dimensions,
                        DocumentReader.RowsAtOnce(_manifest.Dimensions),
                        (keys, rows) => index.AddRange(keys, rows, ct: cancellationToken),
                        cancellationToken
                    );
                });
                index.Stamp = LiveIndex.NewToken();
                index.Save(_files.NextIndex);
                _snapshot = (index.Stamp, held);
                return true;
            },
            cancellationToken
        );

    public override async Task SwitchAsync(Func<IReadOnlyList<string>, Task<float[][]>> embed, CancellationToken cancellationToken)
    {
        await _using.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using WriteTransaction transaction = new(_connection, RequireStanding);
            while (StoredVectors.Pending(_connection, _rows, _role, isThere: true, 0, LastBatch) is { Count: > 0 } rest)
                Put(rest, await embed(rest.ConvertAll(text => text.Text)).ConfigureAwait(false));
            cancellationToken.ThrowIfCancellationRequested();
            Swap();
            transaction.Commit();
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
            _using.Release();
        }

        // A process that opens the collection before this line looks for the graph under both names.
        if (_snapshot is not null)
            File.Move(_files.NextIndex, _files.Index, overwrite: true);
    }

    public override ValueTask DisposeAsync()
    {
        _connection.Dispose();
        _lock.Dispose();
        _using.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Swap()
    {
        string kept = StoredVectors.Table(VectorRole.Previous);
        Manifest old = Manifest.Read(_connection);
        SqliteFile.Execute(
            _connection,
            $"""
            delete from {Table} where key not in (select key from documents);
            update changes set last = last + 1;
            alter table vectors rename to vectors_left;
            alter table {Table} rename to vectors;
            alter table vectors_left rename to {kept};
            delete from replacements;
            delete from snapshots;
            delete from manifest where name <> 'generation';
            """
        );
        StoredVectors.Note(_connection, VectorRole.Previous, old);
        // How widely the graph is searched may have been changed in the meantime.
        (
            old with
            {
                Model = _manifest.Model,
                Fingerprint = _manifest.Fingerprint,
                TruncatedDimensions = _manifest.TruncatedDimensions,
            }
        ).Write(_connection);
        CollectionFormat.NoteInManifest(_connection);
        if (_snapshot is not { } snapshot)
            return;
        using SqliteCommand announce = StoredVectors.Command(
            _connection,
            "insert into snapshots (token, change) values ($token, $change)",
            ("$token", snapshot.Token),
            ("$change", snapshot.Change)
        );
        announce.ExecuteNonQuery();
    }

    private void Put(IReadOnlyList<PendingText> texts, IReadOnlyList<float[]> vectors)
    {
        using SqliteCommand command = StoredVectors.Command(
            _connection,
            $"insert or replace into {Table} (key, change, checksum, vector) select $key, $change, $checksum, $vector "
                + "where exists (select 1 from vectors where key = $key and change = $change)"
        );
        SqliteParameter key = command.Parameters.Add("$key", SqliteType.Integer),
            change = command.Parameters.Add("$change", SqliteType.Integer),
            checksum = command.Parameters.Add("$checksum", SqliteType.Integer),
            vector = command.Parameters.Add("$vector", SqliteType.Blob);
        command.Prepare();
        for (int i = 0; i < texts.Count; i++)
        {
            byte[] bytes = MemoryMarshal.AsBytes(vectors[i].AsSpan()).ToArray();
            (key.Value, change.Value, checksum.Value, vector.Value) = (
                texts[i].Key,
                texts[i].Version,
                DocumentReader.Checksum(bytes),
                bytes
            );
            command.ExecuteNonQuery();
        }
    }

    private static Manifest Begin(SqliteConnection connection, CollectionFiles files, VectorRole role, Manifest? next)
    {
        using WriteTransaction transaction = new(connection);
        Manifest? unfinished = StoredVectors.Find(connection, VectorRole.Next),
            previous = StoredVectors.Find(connection, VectorRole.Previous);
        if (next is null)
        {
            if (unfinished is not null)
                throw ReplacementRefusal.Unfinished(files.Name, unfinished);
            return previous ?? throw Nothing(files, role);
        }

        ReplacementRefusal.Check(files.Name, next, Manifest.Read(connection), unfinished, previous);
        if (unfinished is not null)
            return unfinished;
        StoredVectors.Create(connection, role, next);
        transaction.Commit();
        return next;
    }

    private static HeldFile Take(CollectionFiles files) =>
        HeldFile.TryTake(files.ReplacementLock, files)
        ?? throw new CollectionBusyException(
            $"{files.Name} is being moved to another model by another process; wait until it has finished, or stop it"
        );

    // Vectors for documents that are no longer the collection's are of no use, and must not be put in the place of others.
    private void RequireStanding()
    {
        if (_files.State.Identity != _file || !_lock.IsHeld)
            throw new CollectionReplacedException(_files.Name);
    }

    private static InputException Nothing(CollectionFiles files, VectorRole role) => ReplacementRefusal.Nothing(files.Name, role);

    private async Task<T> UseAsync<T>(Func<T> use, CancellationToken cancellationToken)
    {
        await _using.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(use, cancellationToken).ConfigureAwait(false);
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
            _using.Release();
        }
    }
}
