using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;

namespace Sextant.Search.Storage.Documents;

/// <summary>
/// The vectors in <c>documents.db</c> other than the searched ones: a table like <c>vectors</c>, and a row of <c>replacements</c> with
/// their manifest. A vector in it is valid as long as its change equals that of the vector in use.
/// </summary>
internal static class StoredVectors
{
    /// <summary>
    /// Whether a stored vector has so many numbers: those that are compared, and the same number again where the vector was given with
    /// another length than 1.
    /// </summary>
    public static bool IsLength(long count, long dimensions) => count == dimensions || count == 2 * dimensions;

    /// <summary>The bytes of a vector in the table.</summary>
    public static byte[] Bytes(float[] vector, float[]? given)
    {
        ReadOnlySpan<byte> compared = MemoryMarshal.AsBytes(vector.AsSpan());
        return given is null ? compared.ToArray() : [.. compared, .. MemoryMarshal.AsBytes(given.AsSpan())];
    }

    public static string Table(VectorRole role) => role == VectorRole.Next ? "vectors_next" : "vectors_previous";

    public static string Name(VectorRole role) => role == VectorRole.Next ? "next" : "previous";

    /// <summary>The manifest of the vectors in this role, or <see langword="null"/> if no such vectors exist.</summary>
    public static Manifest? Find(SqliteConnection connection, VectorRole role)
    {
        if (SqliteFile.ScalarOrNull(connection, "select 1 from sqlite_master where name = 'replacements'") is null)
            return null;
        using SqliteCommand command = Command(connection, "select manifest from replacements where role = $role", ("$role", Name(role)));
        if (command.ExecuteScalar() is not string json)
            return null;
        try
        {
            return Manifest.FromValues(ManifestJson.ReadValues(json));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the manifest of its {Name(role)} vectors cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Makes an empty table for them. Part of the caller's transaction.</summary>
    public static void Create(SqliteConnection connection, VectorRole role, Manifest manifest)
    {
        SqliteFile.Execute(
            connection,
            "create table if not exists replacements (role text primary key, manifest text not null) without rowid, strict"
        );
        // The table will be renamed, and its index cannot be: it has a name that none before had.
        long change = SqliteFile.Scalar(connection, "select last from changes");
        SqliteFile.Execute(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                create table {Table(role)} (
                    key integer primary key,
                    change integer not null,
                    checksum integer not null,
                    vector blob not null) strict;
                create index vectors_by_change_{change} on {Table(role)} (change);
                """
            )
        );
        Note(connection, role, manifest);
    }

    /// <summary>Notes what the vectors in this role belong to.</summary>
    public static void Note(SqliteConnection connection, VectorRole role, Manifest manifest)
    {
        string json = ManifestJson.Write(manifest.ToValues().Where(v => v.Value is not null).ToDictionary(v => v.Name, v => v.Value!));
        using SqliteCommand command = Command(
            connection,
            "insert or replace into replacements (role, manifest) values ($role, $manifest)",
            ("$role", Name(role)),
            ("$manifest", json)
        );
        command.ExecuteNonQuery();
    }

    /// <summary>Removes them. Part of the caller's transaction.</summary>
    public static void Drop(SqliteConnection connection, VectorRole role)
    {
        SqliteFile.Execute(connection, $"drop table {Table(role)}");
        SqliteFile.Execute(connection, $"delete from replacements where role = '{Name(role)}'");
    }

    /// <summary>
    /// Documents whose vector in this role is missing or belongs to an older text; all documents if no vector has this role.
    /// </summary>
    /// <exception cref="CollectionDamagedException">A text is damaged and must not be embedded.</exception>
    public static List<PendingText> Pending(
        SqliteConnection connection,
        DocumentRow rows,
        VectorRole role,
        bool isThere,
        long afterKey,
        int limit
    )
    {
        string missing = isThere ? $"and not exists (select 1 from {Table(role)} n where n.key = v.key and n.change = v.change)" : "";
        using SqliteCommand command = Command(
            connection,
            $"select {rows.Columns}, v.change from {DocumentRow.Tables} where d.key > $after and v.key is not null {missing} order by "
                + $"d.key limit $limit",
            ("$after", afterKey),
            ("$limit", limit)
        );
        using SqliteDataReader row = command.ExecuteReader();
        List<PendingText> pending = [];
        while (row.Read())
        {
            long key = rows.Key(row, pending.Count == 0 ? afterKey : pending[^1].Key);
            pending.Add(new(key, SQLitePCL.raw.sqlite3_column_int64(row.Handle, row.FieldCount - 1), rows.ReadText(row)));
        }

        return pending;
    }

    public static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
