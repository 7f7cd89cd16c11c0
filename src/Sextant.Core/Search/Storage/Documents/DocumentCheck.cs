using System.Globalization;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;

namespace Sextant.Search.Storage.Documents;

/// <summary>Reads every document with its vector and reports the damaged ones.</summary>
internal static class DocumentCheck
{
    /// <param name="connection">A database of any format, in one transaction.</param>
    /// <param name="rows">Reads its rows.</param>
    /// <param name="visit">Receives each intact document.</param>
    /// <param name="report">Receives each problem.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The number of documents.</returns>
    public static long Run(
        SqliteConnection connection,
        DocumentRow rows,
        Action<StoredDocument>? visit,
        Action<string> report,
        CancellationToken cancellationToken
    )
    {
        long found = 0;
        try
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"select {rows.Columns} from {DocumentRow.Tables} order by d.key";
            using SqliteDataReader row = command.ExecuteReader();
            for (long before = 0; row.Read(); found++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                before = rows.Key(row, before);
                if (rows.Problem(row) is { } problem)
                    report(problem);
                else
                    visit?.Invoke(DocumentRow.ReadChecked(row));
            }

            // Counted by another table than they are read from.
            long counted = SqliteFile.Scalar(connection, "select count(*) from documents");
            if (counted != found)
                report(string.Create(CultureInfo.InvariantCulture, $"{found} documents are found, and the count is {counted}"));
            Orphans(connection, report);
        }
        catch (SqliteException e)
        {
            report(e.Message);
        }
        catch (CollectionDamagedException e)
        {
            report(e.Problem);
        }

        return found;
    }

    /// <summary>Checks every document.</summary>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public static void Require(SqliteConnection connection, DocumentRow rows, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        Run(connection, rows, null, problems.Add, cancellationToken);
        if (problems.Count > 0)
        {
            throw rows.Damaged(
                problems.Count == 1
                    ? problems[0]
                    : string.Create(CultureInfo.InvariantCulture, $"{problems[0]} (and {problems.Count - 1} more)")
            );
        }
    }

    private static void Orphans(SqliteConnection connection, Action<string> report)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "select key from vectors where key not in (select key from documents)";
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            report(string.Create(CultureInfo.InvariantCulture, $"the vector with the key {row.GetInt64(0)} has no document"));
    }
}
