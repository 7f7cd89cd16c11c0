using System.Globalization;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Search.Storage.Graph;
using Sextant.Search.Storage.Keywords;
using Sextant.Search.Storage.Local;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Documents;

/// <summary>Checks a collection from the bottom up: pages, full-text table, rows, graph, and what the graph finds.</summary>
internal sealed class CollectionVerifier(CollectionFiles files, DocumentReader reader, LiveIndex index)
{
    private const int MaxStructureProblems = 100;
    private const int MaxProblems = 1000;
    public const int SampleSize = 100;
    public const int RecallDepth = 10;

    /// <summary>Below this the graph is broken, not merely approximate.</summary>
    public const double LowestRecall = 0.9;

    /// <summary>A sound graph may miss a vector in many thousands; more is damage.</summary>
    private const double AcceptedUnreachable = 0.001;

    /// <summary>Rounding may move a vector of length 1 by this much.</summary>
    private const float SameVector = 1e-4f;

    private readonly List<string> _problems = [];
    private bool _canBeRepaired;

    /// <summary>Checks documents and graph, which the caller keeps in one state.</summary>
    /// <param name="before">The problems found by <see cref="Files"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public CollectionVerification Run(IEnumerable<string> before, CancellationToken cancellationToken)
    {
        _problems.AddRange(before);
        float[] held = new float[index.Manifest.Dimensions];
        long documents = DocumentCheck.Run(
            reader.Connection,
            reader.Rows,
            document => Compare(document, held),
            _problems.Add,
            cancellationToken
        );
        if (index.Count != documents)
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"the graph has {index.Count} vectors for {documents} documents"));
        // Of a large file opening reads only a part.
        if (index.Loaded > 0 && HnswIndex.FindDamage(files.Index, cancellationToken) is { } damage)
            AddRepairable($"{files.Index} is damaged: {damage}");
        // Recall is measured against the vectors; where some are damaged, it says nothing.
        double? recall = _problems.Count == 0 ? Recall(documents, cancellationToken) : null;
        return new(documents, Cut(_problems), recall) { CanBeRepaired = _canBeRepaired };
    }

    /// <summary>Checks the documents of a collection that cannot be opened.</summary>
    public static CollectionVerification RunWithoutGraph(CollectionFiles files, CancellationToken cancellationToken)
    {
        List<string> problems = Files(files, cancellationToken);
        long documents = 0;
        using DocumentReader reader = new(files);
        reader.InOneState(_ => documents = DocumentCheck.Run(reader.Connection, reader.Rows, null, problems.Add, cancellationToken));
        return new(documents, Cut(problems), Recall: null);
    }

    /// <summary>Checks what no state is needed for: the pages of the database and its full-text table.</summary>
    public static List<string> Files(CollectionFiles files, CancellationToken cancellationToken)
    {
        // FTS5 caches the state of its table per connection, so a connection that read before others wrote may report an intact table as
        // damaged.
        List<string> problems;
        using (SqliteConnection fresh = CollectionDatabase.OpenToRead(files, out _))
        {
            problems = Structure(fresh, cancellationToken);
            if (problems.Count == 0)
                problems.AddRange(FullText(files, fresh));
        }

        return problems;
    }

    /// <summary>The problems found by SQLite's check of a whole database.</summary>
    public static List<string> Structure(SqliteConnection connection, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        try
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"pragma integrity_check({MaxStructureProblems})");
            using SqliteDataReader row = command.ExecuteReader();
            while (row.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (row.GetString(0) is var line && line != "ok")
                    problems.Add(line.ReplaceLineEndings(" "));
            }
        }
        catch (SqliteException e)
        {
            problems.Add(e.Message);
        }

        return problems;
    }

    private static List<string> FullText(CollectionFiles files, SqliteConnection reading)
    {
        string? copy = null;
        try
        {
            // FTS5 takes its check as an INSERT, which a reader may not do; it changes nothing. A read-only database is checked as a copy.
            if (files.IsReadOnly)
            {
                copy = Path.Combine(Path.GetTempPath(), $"sextant-verify-{Guid.NewGuid():N}.db");
                DatabaseCopy.Write(reading, copy, checkedAs: null, CancellationToken.None);
            }

            using SqliteConnection connection = SqliteFile.Connect(copy ?? files.Documents, SqliteOpenMode.ReadWrite);
            SqliteFile.Execute(connection, "insert into keywords (keywords, rank) values ('integrity-check', 1)");
            return BigramTable.FindDamage(connection) is { } damage
                ? [$"the full-text table does not match the documents ({damage}); compact the collection"]
                : [];
        }
        catch (SqliteException e)
        {
            return [$"the full-text table does not match the documents ({e.Message}); compact the collection"];
        }
        finally
        {
            if (copy is not null)
                File.Delete(copy);
        }
    }

    // The graph keeps its own copy of each vector.
    private void Compare(StoredDocument document, float[] held)
    {
        if (!index.TryGetVector(document.Key, held))
        {
            _problems.Add($"document '{document.Id}' is missing from the graph");
            return;
        }

        float difference = 0;
        for (int i = 0; i < held.Length; i++)
            difference = Math.Max(difference, Math.Abs(held[i] - document.Vector![i]));
        if (!(difference <= SameVector))
            AddRepairable($"the graph has another vector for document '{document.Id}'");
    }

    private double? Recall(long documents, CancellationToken cancellationToken)
    {
        GraphHealth health = index.Inspect();
        if (health.Unreachable > documents * AcceptedUnreachable)
            AddRepairable(string.Create(CultureInfo.InvariantCulture, $"{health.Unreachable} vectors are unreachable in the graph"));
        RecallSample sample = RecallSample.Take(reader, index, RecallDepth, SampleSize, cancellationToken);
        if (sample.Count == 0)
            return null;
        double recall = sample.Measure(index, index.EfSearch, cancellationToken).Share;
        if (recall < LowestRecall)
        {
            AddRepairable(
                string.Create(CultureInfo.InvariantCulture, $"searching the graph finds only {100 * recall:F0} % of the nearest")
            );
        }

        return recall;
    }

    private void AddRepairable(string problem)
    {
        _problems.Add(problem + "; repair the collection");
        _canBeRepaired = true;
    }

    private static List<string> Cut(List<string> problems) =>
        problems.Count <= MaxProblems
            ? problems
            : [.. problems.Take(MaxProblems), string.Create(CultureInfo.InvariantCulture, $"and {problems.Count - MaxProblems} more")];
}
