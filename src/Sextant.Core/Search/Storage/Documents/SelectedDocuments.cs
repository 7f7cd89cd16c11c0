using Microsoft.Data.Sqlite;
using Sextant.Search.Filters;

namespace Sextant.Search.Storage.Documents;

/// <summary>Finds the documents of a selection.</summary>
internal static class SelectedDocuments
{
    /// <summary>The ids of the selected documents, in no order.</summary>
    public static List<string> Ids(SqliteConnection connection, DocumentSelection selection, CancellationToken cancellationToken)
    {
        using SqliteCommand command = connection.CreateCommand();
        FilterSql? filter = selection.Filter is { } condition ? FilterSql.Translate(condition, "metadata") : null;
        command.CommandText = $"select id from documents where {filter?.Condition ?? "1"}{(selection.Ids is null ? "" : " and id = $id")}";
        command.Parameters.AddRange(filter?.Parameters ?? []);
        List<string> found = [];
        if (selection.Ids is null)
        {
            Read();
            return found;
        }

        SqliteParameter id = command.Parameters.Add("$id", SqliteType.Text);
        foreach (string one in selection.Ids.Distinct(StringComparer.Ordinal))
        {
            id.Value = one;
            Read();
        }

        return found;

        void Read()
        {
            cancellationToken.ThrowIfCancellationRequested();
            using SqliteDataReader row = command.ExecuteReader();
            while (row.Read())
            {
                // A damaged row without an id is left to the check of the collection.
                if (!row.IsDBNull(0))
                    found.Add(row.GetString(0));
            }
        }
    }
}
