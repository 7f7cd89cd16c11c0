using Microsoft.Data.Sqlite;
using Sextant.Files;
using Sextant.Search.Storage.Keywords;
using Sextant.Search.Storage.Local;
using Sextant.Search.Storage.Sqlite;
using Sextant.Search.Updates;

namespace Sextant.Search.Storage.Documents;

/// <summary>
/// Writes a collection over one connection. Every method is one transaction: when it returns the change is on the disk,
/// when it throws nothing has changed. Not thread-safe.
/// </summary>
internal sealed class DocumentWriter : IDisposable
{
    private readonly CollectionFiles _files;
    private readonly WriterLock? _lock;
    private readonly FileIdentity _file;
    private readonly SqliteConnection _connection;
    private readonly DocumentRow _rows;
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    /// <param name="files">The collection's files.</param>
    /// <param name="held">
    /// The write lock, which is checked before each commit; <see langword="null"/> if no other writer is possible.
    /// </param>
    /// <exception cref="CollectionRemovedException">The database does not exist.</exception>
    public DocumentWriter(CollectionFiles files, WriterLock? held = null)
    {
        (_files, _lock) = (files, held);
        while (true)
        {
            _file = files.State.Identity;
            _connection = CollectionDatabase.OpenToWrite(files);
            if (IsInPlace)
                break;
            _connection.Dispose();
        }

        _rows = new(files.Documents, CollectionFormat.Current);
        try
        {
            CollectionFormat.Upgrade(_connection);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file that this writes to is still the collection's.</summary>
    public bool IsInPlace => FileState.Get(_files.Documents)?.Identity == _file;

    /// <summary>The state of the file after the last write; a different state means that another process overwrote it.</summary>
    public FileState? Left { get; set; }

    public SqliteConnection Connection => _connection;

    /// <summary>Adds or replaces documents by id.</summary>
    /// <returns>
    /// <see langword="null"/>, with nothing written, if a document comes without a vector and the stored text whose vector it was to keep
    /// has changed in between, or if its vector is of a model that the collection has left; the caller then plans again.
    /// </returns>
    public WriteResult? Upsert(IReadOnlyList<IncomingDocument> documents, CancellationToken cancellationToken)
    {
        using WriteTransaction transaction = new(_connection, RequireStanding);
        string space = Fingerprint();
        if (documents.Any(d => d.Vector is not null && d.ModelFingerprint is { } made && made != space))
            return null;
        long change = NextChange();
        long[] keys = new long[documents.Count];
        WriteEffect[] effects = new WriteEffect[documents.Count];
        bool any = false;
        for (int i = 0; i < documents.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Put(documents[i], change) is not { } put)
                return null;
            (keys[i], effects[i]) = put;
            any |= put.Effect != WriteEffect.Unchanged;
        }

        // A write that changes nothing leaves no trace, and costs no wait for the disk.
        if (!any)
            return new(change - 1, keys, effects);
        transaction.Commit();
        return new(change, keys, effects);
    }

    /// <summary>Removes by id.</summary>
    /// <returns>The change, and the keys of the documents that existed.</returns>
    public (long Change, List<long> Keys) Delete(IEnumerable<string> ids)
    {
        using WriteTransaction transaction = new(_connection, RequireStanding);
        long change = NextChange();
        List<long> deleted = [];
        foreach (string id in ids)
        {
            if (FindKey(id) is not { } key)
                continue;
            Run("delete from documents where key = $key", key);
            Run("delete from bigrams where rowid = $key", key);
            Run("delete from vectors where key = $key", key);
            Run("insert into deletions (key, change) values ($key, $change)", key, change);
            deleted.Add(key);
        }

        if (deleted.Count == 0)
            return (change - 1, deleted);
        transaction.Commit();
        return (change, deleted);
    }

    /// <summary>Replaces the metadata of documents by what <paramref name="change"/> returns.</summary>
    /// <returns>The change, the number of documents that exist, and of those that have other metadata now.</returns>
    public (long Change, MetadataUpdate Update) UpdateMetadata(
        IEnumerable<string> ids,
        Func<StoredDocument, string> change,
        CancellationToken cancellationToken
    )
    {
        using WriteTransaction transaction = new(_connection, RequireStanding);
        long number = NextChange();
        int matched = 0,
            updated = 0;
        foreach (string id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Find(id) is not { } document)
                continue;
            matched++;
            string metadata = change(document);
            if (metadata == document.Metadata)
                continue;
            Run(
                "update documents set metadata = $metadata, checksum = $checksum where key = $key",
                metadata,
                DocumentChecksum.Compute(document.Key, document.Id, document.Source, metadata, document.Text),
                document.Key
            );
            updated++;
        }

        if (updated == 0)
            return (number - 1, new(matched, 0));
        transaction.Commit();
        return (number, new(matched, updated));
    }

    /// <summary>
    /// Notes that a snapshot about to be written under <paramref name="token"/> holds everything up to <paramref name="change"/>.
    /// The one before stays known until the new file has its name.
    /// </summary>
    /// <returns>Whether the vectors are still of the model with this fingerprint; if not, nothing is noted.</returns>
    public bool AnnounceSnapshot(long token, long change, string space) =>
        Run(
            "insert into snapshots (token, change) select $token, $change where (select value from manifest where name = 'fingerprint') "
                + "= $space",
            token,
            change,
            space
        ) == 1;

    /// <summary>Forgets all snapshots but the one that carries <paramref name="token"/>.</summary>
    public void KeepOnlySnapshot(long token) =>
        Run("delete from snapshots where token <> $token and $token in (select token from snapshots)", token);

    /// <summary>Drops the list of deletions; processes with an older graph reload it.</summary>
    public void PurgeDeletions()
    {
        using WriteTransaction transaction = new(_connection, RequireStanding);
        Run("update changes set purged = last");
        Run("delete from deletions");
        transaction.Commit();
    }

    public void NoteSource(string path, string state) =>
        Run("insert or replace into sources (path, state) values ($path, $state)", path, state);

    public void Dispose()
    {
        foreach (SqliteCommand command in _prepared.Values)
            command.Dispose();
        _connection.Dispose();
    }

    // A write to a file that no longer belongs to the collection, or made concurrently with another writer, must not be acknowledged.
    private void RequireStanding()
    {
        if (_files.State.Identity != _file)
            throw new CollectionReplacedException(_files.Name);
        if (_lock is { IsHeld: false })
        {
            throw new CollectionBusyException(
                $"{_files.Lock} was deleted while this process was writing, and another process may be writing now; "
                    + $"nothing of this write was stored; try again"
            );
        }
    }

    private (long Key, WriteEffect Effect)? Put(IncomingDocument document, long change)
    {
        StoredState? stored = FindState(document.Id);
        bool sameText = stored is { } s && s.TextHash.AsSpan().SequenceEqual(document.TextHash);
        // A vector that came with its document may be another one for the same text; one made here is only ever made for a new text.
        byte[]? vector = document.Vector is { } compared ? StoredVectors.Bytes(compared, document.GivenVector) : null;
        bool sameVector = sameText && (vector is null || HasVector(stored!.Value.Key, vector));
        if (sameVector && stored!.Value.Metadata == document.Metadata && stored.Value.Source == document.Source)
            return (stored.Value.Key, WriteEffect.Unchanged);
        if (!sameText && vector is null)
            return null;

        long key;
        if (stored is { } old)
        {
            key = old.Key;
            Run(
                "update documents set text_hash = $hash, metadata = $metadata, source = $source, text = $text, checksum = $checksum "
                    + "where key = $key",
                document.TextHash,
                document.Metadata,
                document.Source,
                document.Text,
                Checksum(key, document),
                key
            );
        }
        else
        {
            key = NextKey();
            Run(
                "insert into documents (key, id, text_hash, metadata, source, text, checksum) "
                    + "values ($key, $id, $hash, $metadata, $source, $text, $checksum)",
                key,
                document.Id,
                document.TextHash,
                document.Metadata,
                document.Source,
                document.Text,
                Checksum(key, document)
            );
        }

        if (!sameText)
            PutBigrams(key, document.Text, isNew: stored is null);
        if (!sameVector)
        {
            if (document.GivenVector is not null)
                CollectionFormat.RequireNewest(_connection);
            Run(
                "insert or replace into vectors (key, change, checksum, vector) values ($key, $change, $checksum, $vector)",
                key,
                change,
                DocumentReader.Checksum(vector),
                vector!
            );
        }

        return (key, stored is null ? WriteEffect.Added : WriteEffect.Updated);
    }

    // What AUTOINCREMENT would choose; the checksum needs it before the row exists.
    private long NextKey() =>
        1
        + (long)
            Command(
                    "select max(coalesce((select max(seq) from sqlite_sequence where name = 'documents'), 0), coalesce((select max(key) "
                        + "from documents), 0))"
                )
                .ExecuteScalar()!;

    private static long Checksum(long key, IncomingDocument document) =>
        DocumentChecksum.Compute(key, document.Id, document.Source, document.Metadata, document.Text);

    private void PutBigrams(long key, string text, bool isNew)
    {
        if (!isNew)
            Run("delete from bigrams where rowid = $key", key);
        if (BigramTable.Words(text) is { } words)
            Run("insert into bigrams (rowid, words) values ($key, $words)", key, words);
    }

    private bool HasVector(long key, byte[] vector) =>
        Command("select checksum from vectors where key = $key", key).ExecuteScalar() is long checksum
        && checksum == DocumentReader.Checksum(vector);

    private string Fingerprint() =>
        Command("select value from manifest where name = 'fingerprint'").ExecuteScalar() as string
        ?? throw StorageError.Damaged(_files.Documents, "the name of its model is missing");

    private long NextChange() =>
        Command("update changes set last = last + 1 returning last").ExecuteScalar() as long?
        ?? throw StorageError.Damaged(_files.Documents, "the count of its changes is missing");

    private long? FindKey(string id) => Command("select key from documents where id = $id", id).ExecuteScalar() as long?;

    private StoredDocument? Find(string id)
    {
        using SqliteDataReader row = Command($"select {_rows.Columns} from {DocumentRow.Tables} where d.id = $id", id).ExecuteReader();
        return row.Read() ? _rows.Read(row) : null;
    }

    private StoredState? FindState(string id)
    {
        using SqliteDataReader row = Command($"select {_rows.Columns}, d.text_hash from {DocumentRow.Tables} where d.id = $id", id)
            .ExecuteReader();
        return row.Read() ? _rows.State(row) : null;
    }

    private int Run(string sql, params ReadOnlySpan<object> values) => Command(sql, values).ExecuteNonQuery();

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        SqliteCommand command = PreparedCommands.Get(_prepared, _connection, sql);
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }
}
