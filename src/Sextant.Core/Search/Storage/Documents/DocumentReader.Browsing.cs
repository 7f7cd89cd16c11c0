using System.Globalization;
using Microsoft.Data.Sqlite;
using Sextant.Search.Browsing;
using Sextant.Search.Filters;

namespace Sextant.Search.Storage.Documents;

internal sealed partial class DocumentReader
{
    /// <summary>Documents in an order, without their vectors.</summary>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public BrowseResult Browse(BrowseOptions options, CancellationToken cancellationToken)
    {
        BrowseResult? result = null;
        InOneState(_ =>
        {
            // Only keys are sorted: the sorter would copy texts and vectors.
            List<StoredDocument> documents = [];
            foreach (long key in Keys(options))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Find(key) is { } document)
                    documents.Add(document with { Vector = null, GivenVector = null });
            }

            result = new(documents, CountMatching(options.Filter));
        });
        return result!;
    }

    private List<long> Keys(BrowseOptions options)
    {
        FilterSql? filter = options.Filter is null ? null : FilterSql.Translate(options.Filter, "metadata");
        using SqliteCommand command = Connection.CreateCommand();
        string direction = options.IsAscending ? "asc" : "desc",
            order = $"key {direction}";
        if (options.OrderBy is { } field)
        {
            command.Parameters.AddWithValue("$order", FilterSql.PathOf(field));
            order =
                "case json_type(metadata, $order) when 'text' then 0 when 'integer' then 1 when 'real' then 1 when 'true' then 2 "
                + "when 'false' then 2 else 3 end, "
                + "case when json_type(metadata, $order) not in ('array', 'object') then json_extract(metadata, $order) end "
                + $"{direction}, key desc";
        }

        command.CommandText =
            $"select key from documents{(filter is null ? "" : $" where {filter.Condition}")} order by {order} limit $count offset $skip";
        command.Parameters.AddRange(filter?.Parameters ?? []);
        command.Parameters.AddWithValue("$count", options.Count);
        command.Parameters.AddWithValue("$skip", options.Offset);
        using SqliteDataReader row = command.ExecuteReader();
        List<long> keys = [];
        while (row.Read())
            keys.Add(row.GetInt64(0));
        return keys;
    }

    private long CountMatching(FilterExpression? filter)
    {
        FilterSql? sql = filter is null ? null : FilterSql.Translate(filter, "metadata");
        using SqliteCommand command = Connection.CreateCommand();
        command.CommandText = $"select count(*) from documents{(sql is null ? "" : $" where {sql.Condition}")}";
        command.Parameters.AddRange(sql?.Parameters ?? []);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
