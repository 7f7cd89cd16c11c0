using System.Globalization;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Keywords;

namespace Sextant.Search.Storage.Sqlite;

/// <summary>
/// The formats of <c>documents.db</c>. A database of an earlier format can be read without conversion; the first writer that opens it
/// upgrades it. A new database runs the same steps, so that both have the same schema.
/// </summary>
internal static class CollectionFormat
{
    /// <summary>What a new collection has, and what an earlier one is upgraded to.</summary>
    public const int Current = 2;

    /// <summary>
    /// A collection whose metric is not the cosine, or that holds vectors as given in addition to those of length 1. An earlier program
    /// would take both for damage.
    /// </summary>
    public const int Newest = 3;

    /// <summary>The format of a new collection with this manifest.</summary>
    public static int Of(Manifest manifest) => manifest.Metric == SimilarityMetric.Cosine ? Current : Newest;

    /// <summary>The step at n upgrades format n + 1 to format n + 2.</summary>
    private static readonly Action<SqliteConnection>[] Steps = [ToFormat2];

    /// <summary>The format that the file header states.</summary>
    public static int Read(SqliteConnection connection) => (int)SqliteFile.Scalar(connection, "pragma user_version");

    /// <summary>Upgrades a database of an earlier format in one transaction. The caller holds the writer's lock.</summary>
    public static void Upgrade(SqliteConnection connection)
    {
        if (Read(connection) >= Current)
            return;
        using WriteTransaction transaction = new(connection);
        RunSteps(connection);
        transaction.Commit();
    }

    /// <summary>The same, as part of the caller's transaction.</summary>
    public static void RunSteps(SqliteConnection connection)
    {
        for (int format = Math.Max(1, Read(connection)); format < Current; format++)
            Steps[format - 1](connection);
        SqliteFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {Current}"));
        NoteInManifest(connection);
    }

    /// <summary>Notes, as part of the caller's transaction, that the collection needs a program that knows the newest format.</summary>
    public static void RequireNewest(SqliteConnection connection)
    {
        if (Read(connection) == Newest)
            return;
        SqliteFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {Newest}"));
        NoteInManifest(connection);
    }

    /// <summary>Keeps the manifest's format equal to the header's, so that a damaged header is noticed.</summary>
    public static void NoteInManifest(SqliteConnection connection) =>
        SqliteFile.Execute(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"update manifest set value = '{Read(connection)}' where name = 'format'")
        );

    // Every table, column and trigger that format 2 has and format 1 lacks is added here.
    private static void ToFormat2(SqliteConnection connection)
    {
        DocumentChecksum.AddColumn(connection);
        BigramTable.Add(connection);
    }
}
