using Microsoft.Data.Sqlite;
using Sextant.Search.Filters;
using Sextant.Search.Updates;

namespace Sextant.Search.Storage.Documents;

internal sealed partial class DocumentReader
{
    /// <summary>The documents after <paramref name="afterKey"/> that match, with their vectors, in insertion order.</summary>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public List<StoredDocument> Matching(long afterKey, int limit, FilterExpression filter)
    {
        FilterSql sql = FilterSql.Translate(filter, "d.metadata");
        using SqliteCommand command = Connection.CreateCommand();
        command.CommandText =
            $"select {_rows.Columns} from {DocumentRow.Tables} where d.key > $after and {sql.Condition} order by d.key limit $limit";
        command.Parameters.AddRange(sql.Parameters);
        command.Parameters.AddWithValue("$after", afterKey);
        command.Parameters.AddWithValue("$limit", limit);
        using SqliteDataReader row = command.ExecuteReader();
        List<StoredDocument> found = [];
        while (row.Read())
        {
            _rows.Key(row, found.Count == 0 ? afterKey : found[^1].Key);
            found.Add(_rows.Read(row));
        }

        return found;
    }

    /// <summary>What an update of metadata would do.</summary>
    public MetadataUpdate CountChanged(
        DocumentSelection selection,
        Func<StoredDocument, string> change,
        CancellationToken cancellationToken
    )
    {
        int matched = 0,
            updated = 0;
        InOneState(_ =>
        {
            foreach (string id in SelectedDocuments.Ids(Connection, selection, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Find(id) is not { } document)
                    continue;
                matched++;
                if (change(document) != document.Metadata)
                    updated++;
            }
        });
        return new(matched, updated);
    }
}
