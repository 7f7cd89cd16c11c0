using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Search.Storage.Sqlite;
using SQLitePCL;

namespace Sextant.Search.Storage.Documents;

internal sealed partial class DocumentReader
{
    private const int RowsBetweenChecks = 1024;

    /// <summary>The values of fields in the documents that match, counted in one statement.</summary>
    /// <exception cref="CollectionDamagedException">Metadata are not JSON.</exception>
    public IReadOnlyList<Facet> Facets(
        IReadOnlyList<FieldPath> fields,
        FilterExpression? filter,
        int limit,
        CancellationToken cancellationToken
    )
    {
        FacetCounter counter = new(fields);
        FilterSql? sql = filter is null ? null : FilterSql.Translate(filter, "metadata");
        using SqliteCommand command = Connection.CreateCommand();
        command.CommandText = $"select metadata from documents{(sql is null ? "" : $" where {sql.Condition}")}";
        command.Parameters.AddRange(sql?.Parameters ?? []);
        using SqliteDataReader row = command.ExecuteReader();
        try
        {
            for (long rows = 1; row.Read(); rows++)
            {
                if (rows % RowsBetweenChecks == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                counter.Add(raw.sqlite3_column_blob(row.Handle, 0));
            }
        }
        catch (JsonException e)
        {
            throw StorageError.Damaged(_file, $"the metadata of a document are not JSON: {e.Message}", e);
        }

        return counter.Read(limit);
    }
}
