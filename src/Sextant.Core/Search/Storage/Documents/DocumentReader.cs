using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Files;
using Sextant.Search.Filters;
using Sextant.Search.Storage.Graph;
using Sextant.Search.Storage.Keywords;
using Sextant.Search.Storage.Local;
using Sextant.Search.Storage.Sqlite;
using SQLitePCL;

namespace Sextant.Search.Storage.Documents;

/// <summary>
/// Reads a collection over one connection with statements prepared once. Not thread-safe: each use takes one for itself.
/// </summary>
internal sealed partial class DocumentReader : IDisposable
{
    private readonly CollectionFiles _files;
    private readonly string _file;
    private readonly FileState _state;
    private readonly FileState? _log;
    private readonly bool _alone;
    private readonly DocumentRow _rows;
    private readonly Dictionary<string, SqliteCommand> _prepared = [];
    private KeywordSearch? _keywords;

    /// <exception cref="CollectionRemovedException">There is no database.</exception>
    public DocumentReader(CollectionFiles files)
    {
        _files = files;
        _file = files.Documents;
        while (true)
        {
            (_state, _log) = (files.State, FileState.Get(files.Log));
            Connection = CollectionDatabase.OpenToRead(files, out _alone);
            if (files.State.Identity == _state.Identity)
                break;
            Connection.Dispose();
        }

        try
        {
            Format = CollectionFormat.Read(Connection);
        }
        catch
        {
            Connection.Dispose();
            throw;
        }

        _rows = new(_file, Format);
    }

    public SqliteConnection Connection { get; }

    /// <summary>The database's file.</summary>
    public string File => _file;

    /// <summary>Reads the rows of <see cref="DocumentRow.Tables"/>.</summary>
    public DocumentRow Rows => _rows;

    /// <summary>The format of the database when it was opened.</summary>
    public int Format { get; }

    /// <summary>Whether a writer has upgraded the database since it was opened here.</summary>
    private bool IsOutdated => Format < CollectionFormat.Current && CollectionFormat.Read(Connection) != Format;

    /// <summary>Whether the file that this reads is still the collection's.</summary>
    public bool IsInPlace => FileState.Get(_file)?.Identity == _state.Identity;

    /// <summary>Whether the reads are reliable: a concurrent writer is harmless only if the reader takes part in the log.</summary>
    public bool IsUndisturbed => !_alone || (FileState.Get(_file) == _state && FileState.Get(_files.Log) == _log);

    /// <summary>Whether this may be used while the database's file is as <paramref name="now"/> says.</summary>
    public bool IsCurrent(FileState now) => now == _state && IsUndisturbed && !IsOutdated;

    /// <summary>The source of a graph for this state of the database.</summary>
    public GraphSource Source()
    {
        using SqliteDataReader row = Prepared("select name, value from manifest where name in ('fingerprint', 'generation')")
            .ExecuteReader();
        string? fingerprint = null,
            generation = null;
        while (row.Read())
        {
            string? value = row.IsDBNull(1) ? null : row.GetString(1);
            if (row.GetString(0) == "generation")
                generation = value;
            else
                fingerprint = value;
        }

        return new(_state.Identity, generation, fingerprint ?? throw StorageError.Damaged(_file, "the name of its model is missing"));
    }

    /// <exception cref="CollectionReplacedException">Another file is the collection's by now.</exception>
    public void RequireInPlace()
    {
        if (!IsInPlace)
            throw new CollectionReplacedException(_files.Name);
    }

    /// <summary>The number of the last change, and of the last whose deletions are no longer listed.</summary>
    public (long Last, long Purged) Changes()
    {
        using SqliteDataReader row = Prepared("select last, purged from changes").ExecuteReader();
        return row.Read() && !row.IsDBNull(0) && !row.IsDBNull(1)
            ? (row.GetInt64(0), row.GetInt64(1))
            : throw StorageError.Damaged(_file, "the count of its changes is missing");
    }

    /// <summary>
    /// Runs <paramref name="read"/> on one state of the database, isolated from concurrent writes, and passes it the last change. A nested
    /// call sees the same state.
    /// </summary>
    public void InOneState(Action<long> read)
    {
        if (raw.sqlite3_get_autocommit(Connection.Handle) == 0)
        {
            read(Changes().Last);
            return;
        }

        SqliteFile.Execute(Connection, "begin");
        try
        {
            read(Changes().Last);
        }
        finally
        {
            // SQLite ends the transaction itself on some errors.
            if (raw.sqlite3_get_autocommit(Connection.Handle) == 0)
                SqliteFile.Execute(Connection, "commit");
        }
    }

    public long Count() => (long)Prepared("select count(*) from documents").ExecuteScalar()!;

    public StoredState? FindState(string id)
    {
        SqliteCommand command = Prepared($"select {_rows.Columns}, d.text_hash from {DocumentRow.Tables} where d.id = $value");
        command.Parameters[0].Value = id;
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? _rows.State(row) : null;
    }

    /// <summary>The document with this id and its vector.</summary>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public StoredDocument? Find(string id)
    {
        StoredDocument? found = Single("d.id", id);
        // Halves of characters are stored as what stands for them.
        if (found is null || found.Id == id || found.Id == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(id)))
            return found;
        throw StorageError.Damaged(_file, $"its index of ids maps '{id}' to document '{found.Id}'");
    }

    /// <inheritdoc cref="Find(string)"/>
    public StoredDocument? Find(long key) => Single("d.key", key);

    /// <summary>Verifies that a missing document was deleted, or is not added yet in this state.</summary>
    /// <exception cref="CollectionDamagedException">The graph holds the document, and it was not deleted.</exception>
    public void RequireDeleted(long key)
    {
        // Keys are given in order and only once.
        SqliteCommand command = Prepared("select $value <= seq from sqlite_sequence where name = 'documents'");
        command.Parameters[0].Value = key;
        if (command.ExecuteScalar() is 1L)
            throw StorageError.Damaged(_file, string.Create(CultureInfo.InvariantCulture, $"the document with the key {key} is missing"));
    }

    /// <summary>All documents after <paramref name="afterKey"/> with their vectors, in insertion order.</summary>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public List<StoredDocument> All(long afterKey, int limit)
    {
        SqliteCommand command = Prepared(
            $"select {_rows.Columns} from {DocumentRow.Tables} where d.key > $value order by d.key limit $limit"
        );
        (command.Parameters[0].Value, command.Parameters[1].Value) = (afterKey, limit);
        using SqliteDataReader row = command.ExecuteReader();
        List<StoredDocument> all = [];
        while (row.Read())
        {
            _rows.Key(row, all.Count == 0 ? afterKey : all[^1].Key);
            all.Add(_rows.Read(row));
        }

        return all;
    }

    /// <summary>The highest key of all documents; 0 for an empty collection.</summary>
    public long LastKey() => SqliteFile.Scalar(Connection, "select coalesce(max(key), 0) from documents");

    /// <summary>The same, with the last change, the highest key and, at the end of the documents, their number; all of one state.</summary>
    public (long Last, long LastKey, long Count, List<StoredDocument> Batch) List(long afterKey, int limit)
    {
        (long last, long lastKey, long count, List<StoredDocument> batch) = (0, 0, 0, []);
        InOneState(change =>
        {
            (last, lastKey, batch) = (change, LastKey(), All(afterKey, limit));
            if (batch.Count < limit)
                count = Math.Max(Count(), CountVectorsSince(0));
        });
        return (last, lastKey, count, batch);
    }

    public static CollectionDamagedException Lost(string file, long found, long count) =>
        StorageError.Damaged(file, string.Create(CultureInfo.InvariantCulture, $"{found} documents are found, and the count is {count}"));

    /// <summary>Texts whose vector in this role is missing or belongs to an older text.</summary>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public List<PendingText> Pending(VectorRole role, bool isThere, long afterKey, int limit) =>
        StoredVectors.Pending(Connection, _rows, role, isThere, afterKey, limit);

    /// <summary>The keys of the documents whose metadata meet <paramref name="filter"/>.</summary>
    public List<long> Matching(FilterExpression filter)
    {
        FilterSql sql = FilterSql.Translate(filter, "metadata");
        using SqliteCommand command = Connection.CreateCommand();
        command.CommandText = $"select key from documents where {sql.Condition}";
        command.Parameters.AddRange(sql.Parameters);
        using SqliteDataReader row = command.ExecuteReader();
        List<long> keys = [];
        while (row.Read())
            keys.Add(row.GetInt64(0));
        return keys;
    }

    /// <summary>The keys of documents that hold any of <paramref name="words"/> with their BM25, best first.</summary>
    public KeywordRanking Keywords(IReadOnlyList<string> words) => (_keywords ??= new(Connection, Prepared)).Find(words);

    /// <summary>The ids of the documents that came from one file, or from any file of one folder, and which file that is.</summary>
    public IEnumerable<(string Id, string Source)> FromSource(string source)
    {
        // A range rather than LIKE: it uses the index, and a path may hold % and _.
        SqliteCommand command = Prepared("select id, source from documents where source = $value or (source > $from and source < $to)");
        string folder = Path.TrimEndingDirectorySeparator(source);
        command.Parameters[0].Value = source;
        command.Parameters[1].Value = folder + Path.DirectorySeparatorChar;
        command.Parameters[2].Value = folder + (char)(Path.DirectorySeparatorChar + 1);
        using SqliteDataReader row = command.ExecuteReader();
        // Damaged rows are left to the check on reading: a row without an id or a source does not belong to this source.
        while (row.Read())
        {
            if (!row.IsDBNull(0) && !row.IsDBNull(1))
                yield return (row.GetString(0), row.GetString(1));
        }
    }

    /// <summary>
    /// Which change the snapshot that carries <paramref name="token"/> holds, or <see langword="null"/> when it is not of this
    /// database.
    /// </summary>
    public long? SnapshotChange(long token)
    {
        SqliteCommand command = Prepared("select change from snapshots where token = $value");
        command.Parameters[0].Value = token;
        return command.ExecuteScalar() as long?;
    }

    /// <summary>The recorded state of a source when it was last read completely.</summary>
    public string? SourceState(string path)
    {
        SqliteCommand command = Prepared("select state from sources where path = $value");
        command.Parameters[0].Value = path;
        return command.ExecuteScalar() as string;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _prepared.Values)
            command.Dispose();
        Connection.Dispose();
    }

    private StoredDocument? Single(string column, object value)
    {
        SqliteCommand command = Prepared($"select {_rows.Columns} from {DocumentRow.Tables} where {column} = $value");
        command.Parameters[0].Value = value;
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? _rows.Read(row) : null;
    }

    private SqliteCommand Prepared(string sql) => PreparedCommands.Get(_prepared, Connection, sql);
}
