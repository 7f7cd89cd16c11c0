using System.Globalization;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Search.Storage.Local;

namespace Sextant.Search.Storage.Sqlite;

/// <summary>Creates and opens <c>documents.db</c>. Its tables are explained in docs/formats.md.</summary>
internal static class CollectionDatabase
{
    /// <summary>"SXTC" in the file's header, so that another program's database is not taken for a collection.</summary>
    public const int ApplicationId = 0x53585443;

    /// <summary>Format 1; <see cref="CollectionFormat"/> adds what came later.</summary>
    private const string Schema = """
        create table manifest (name text primary key, value text not null) without rowid, strict;
        create table changes (last integer not null, purged integer not null) strict;
        insert into changes values (0, 0);
        create table documents (
            key integer primary key autoincrement,
            id text not null unique,
            text_hash blob not null,
            metadata text not null,
            source text not null,
            text text not null) strict;
        create index documents_by_source on documents (source);
        create table vectors (
            key integer primary key,
            change integer not null,
            checksum integer not null,
            vector blob not null) strict;
        create index vectors_by_change on vectors (change);
        create table deletions (key integer primary key, change integer not null) strict;
        create index deletions_by_change on deletions (change);
        create table snapshots (token integer primary key, change integer not null) strict;
        create table sources (path text primary key, state text not null) without rowid, strict;
        create virtual table keywords using fts5 (
            text, content = 'documents', content_rowid = 'key', tokenize = 'unicode61 remove_diacritics 2');
        create trigger documents_added after insert on documents begin
            insert into keywords (rowid, text) values (new.key, new.text);
        end;
        create trigger documents_removed after delete on documents begin
            insert into keywords (keywords, rowid, text) values ('delete', old.key, old.text);
        end;
        create trigger documents_changed after update of text on documents when old.text <> new.text begin
            insert into keywords (keywords, rowid, text) values ('delete', old.key, old.text);
            insert into keywords (rowid, text) values (new.key, new.text);
        end;
        """;

    /// <summary>Makes an empty collection; the schema and its manifest appear in one transaction.</summary>
    public static void Create(string file, Manifest manifest)
    {
        using SqliteConnection connection = SqliteFile.Connect(file, SqliteOpenMode.ReadWriteCreate);
        SqliteFile.Execute(connection, "pragma journal_mode = wal");
        SqliteFile.Execute(connection, "pragma synchronous = full");
        using WriteTransaction transaction = new(connection);
        SqliteFile.Execute(connection, Schema);
        manifest.Write(connection);
        MarkGeneration(connection);
        SqliteFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"pragma application_id = {ApplicationId}"));
        CollectionFormat.RunSteps(connection);
        if (manifest.Metric != SimilarityMetric.Cosine)
            CollectionFormat.RequireNewest(connection);
        transaction.Commit();
    }

    /// <summary>Marks the contents as others than any before at the same location.</summary>
    public static void MarkGeneration(SqliteConnection connection) =>
        SqliteFile.Execute(connection, "insert or replace into manifest (name, value) values ('generation', lower(hex(randomblob(16))))");

    /// <summary>
    /// Opens a connection for reading. If possible, it takes part in the bookkeeping of the log, but writes nothing else.
    /// </summary>
    /// <param name="files">The collection's files.</param>
    /// <param name="alone">Whether reads are correct only while no process writes.</param>
    public static SqliteConnection OpenToRead(CollectionFiles files, out bool alone)
    {
        if (files.IsReadOnly)
            return ReadOnlyDatabase.Open(files.Documents, out alone);
        alone = false;
        SqliteConnection connection = SqliteFile.Connect(files.Documents, SqliteOpenMode.ReadWrite);
        // The second makes SQLite open the log now, so that it is known to be that of this file.
        SqliteFile.Execute(connection, "pragma query_only = on; pragma schema_version");
        return connection;
    }

    /// <summary>The connection that writes. <c>synchronous = full</c>: when a commit returns, it is on the disk.</summary>
    public static SqliteConnection OpenToWrite(CollectionFiles files)
    {
        SqliteConnection connection = SqliteFile.Connect(files.Documents, SqliteOpenMode.ReadWrite);
        SqliteFile.Execute(connection, "pragma journal_mode = wal");
        SqliteFile.Execute(connection, "pragma synchronous = full");
        SqliteFile.Execute(connection, "pragma wal_autocheckpoint = 4000");
        SqliteFile.Execute(connection, "pragma cache_size = -65536");
        return connection;
    }

    /// <summary>Reads the manifest, after checking that this is a collection of a version that can be read here.</summary>
    public static Manifest ReadManifest(SqliteConnection connection, string file)
    {
        long application = SqliteFile.Scalar(connection, "pragma application_id"),
            version = SqliteFile.Scalar(connection, "pragma user_version");
        if (application != ApplicationId)
            throw new InputException($"{file} is a database of another program, not a collection");
        if (version is < 1 or > CollectionFormat.Newest)
        {
            throw new SextantException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file} has format {version}, made by a newer Sextant (this one reads up to {CollectionFormat.Newest}): update "
                        + $"Sextant to open it"
                )
            );
        }
        try
        {
            if (
                SqliteFile.ScalarOrNull(connection, "select cast(value as integer) from manifest where name = 'format'") is { } noted
                && noted != version
            )
            {
                throw new InvalidDataException(
                    string.Create(CultureInfo.InvariantCulture, $"its header has format {version} and its manifest {noted}")
                );
            }

            return Manifest.Read(connection);
        }
        catch (InvalidDataException e)
        {
            throw StorageError.Damaged(file, e.Message, e);
        }
    }
}
