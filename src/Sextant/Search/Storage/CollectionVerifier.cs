using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Sextant.Index;

namespace Sextant.Search.Storage;

/// <summary>Checks a collection from the bottom up: pages, rows, full-text table, graph, and what the graph finds.</summary>
internal sealed class CollectionVerifier(CollectionFiles files, Manifest manifest, DocumentReader reader, LiveIndex index)
{
    private const int MaxProblems = 20;
    private const int BatchRows = 1024;
    public const int SampleSize = 100;
    public const int RecallDepth = 10;

    /// <summary>Below this the graph is broken, not merely approximate.</summary>
    public const double LowestRecall = 0.9;

    /// <summary>A sound graph may miss a vector in many thousands; more is damage.</summary>
    private const double AcceptedUnreachable = 0.001;

    private const string Mend = "mend it with: sextant collection verify COLLECTION --repair";

    private readonly List<string> _problems = [];

    public CollectionVerification Run(CancellationToken cancellationToken)
    {
        // FTS5 keeps in each connection what it knew of its table, and one that read before others wrote may take what is sound for damage.
        using (SqliteConnection fresh = CollectionDatabase.OpenToRead(files, out _)) _problems.AddRange(Structure(fresh, cancellationToken));
        long documents = 0;
        double? recall = null;
        // A broken structure makes every check above it fail too; one cause is enough.
        if (_problems.Count == 0)
        {
            documents = Documents(cancellationToken);
            Counts();
            FullText();
            Vectors(cancellationToken);
            recall = Recall(documents, cancellationToken);
        }

        return new(documents, _problems, recall);
    }

    /// <summary>What SQLite's own check of a whole database finds.</summary>
    public static List<string> Structure(SqliteConnection connection, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        try
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"pragma integrity_check({MaxProblems})");
            using SqliteDataReader row = command.ExecuteReader();
            while (row.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (row.GetString(0) is var line && line != "ok") problems.Add(line.ReplaceLineEndings(" "));
            }
        }
        catch (SqliteException e)
        {
            problems.Add(e.Message);
        }

        return problems;
    }

    private long Documents(CancellationToken cancellationToken)
    {
        using SqliteCommand command = reader.Connection.CreateCommand();
        command.CommandText = "select key, id, text, text_hash, json_valid(metadata) from documents";
        using SqliteDataReader row = command.ExecuteReader();
        long count = 0;
        while (row.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            string id = row.GetString(1);
            byte[] hash = row.GetFieldValue<byte[]>(3);
            if (!SHA256.HashData(Encoding.UTF8.GetBytes(row.GetString(2))).AsSpan(0, hash.Length).SequenceEqual(hash))
                Problem($"the text of document '{id}' is not what was written");
            if (row.GetInt64(4) != 1) Problem($"the metadata of document '{id}' is not JSON");
            if (!index.Contains(row.GetInt64(0))) Problem($"document '{id}' is missing from the graph");
        }

        if (index.Count != count)
            Problem(string.Create(CultureInfo.InvariantCulture, $"the graph holds {index.Count} vectors for {count} documents"));
        return count;
    }

    private void Counts()
    {
        long orphans = CollectionDatabase.Scalar(
            reader.Connection, "select count(*) from vectors where key not in (select key from documents)");
        if (orphans > 0) Problem(string.Create(CultureInfo.InvariantCulture, $"{orphans} vectors belong to no document"));
        long without = CollectionDatabase.Scalar(
            reader.Connection, "select count(*) from documents where key not in (select key from vectors)");
        if (without > 0) Problem(string.Create(CultureInfo.InvariantCulture, $"{without} documents have no vector"));
    }

    private void FullText()
    {
        string? copy = null;
        try
        {
            // FTS5 takes its check as an INSERT, which a reader may not do; it changes nothing. What cannot be written is checked as a copy.
            if (files.IsReadOnly)
            {
                copy = Path.Combine(Path.GetTempPath(), $"sextant-verify-{Guid.NewGuid():N}.db");
                DatabaseCopy.Write(reader.Connection, copy, CancellationToken.None);
            }

            using SqliteConnection connection = CollectionDatabase.Connect(copy ?? files.Documents, SqliteOpenMode.ReadWrite);
            CollectionDatabase.Execute(connection, "insert into keywords (keywords, rank) values ('integrity-check', 1)");
        }
        catch (SqliteException e)
        {
            Problem($"the full-text table does not fit the documents ({e.Message}); compact the collection");
        }
        finally
        {
            if (copy is not null) File.Delete(copy);
        }
    }

    private void Vectors(CancellationToken cancellationToken)
    {
        try
        {
            reader.VectorsSince(0, manifest.Dimensions, BatchRows, static (_, _, _) => { }, cancellationToken);
        }
        catch (SextantException e)
        {
            Problem(e.Message);
        }
    }

    private double? Recall(long documents, CancellationToken cancellationToken)
    {
        GraphHealth health = index.Inspect();
        if (health.Unreachable > documents * AcceptedUnreachable)
            Problem(string.Create(CultureInfo.InvariantCulture, $"{health.Unreachable} vectors cannot be reached over the graph; {Mend}"));
        RecallSample sample = RecallSample.Take(reader, index, RecallDepth, SampleSize, cancellationToken);
        if (sample.Count == 0) return null;
        double recall = sample.Measure(index, index.EfSearch, cancellationToken).Share;
        if (recall < LowestRecall)
            Problem(string.Create(CultureInfo.InvariantCulture, $"searching the graph finds only {100 * recall:F0} % of the nearest; {Mend}"));
        return recall;
    }

    private void Problem(string problem)
    {
        if (_problems.Count < MaxProblems) _problems.Add(problem);
    }
}
