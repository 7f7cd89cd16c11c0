using Npgsql;
using NpgsqlTypes;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Queries;
using Sextant.Search.Filters;
using Sextant.Search.Storage;
using Sextant.Search.Updates;

namespace Sextant.Postgres.Generations;

internal sealed partial class PostgresGeneration
{
    /// <summary>Rows of metadata in one statement.</summary>
    private const int UpdateBatch = 1_000;

    public override Task<IReadOnlyList<StoredDocument>> ReadAsync(
        long afterKey,
        int limit,
        FilterExpression filter,
        CancellationToken cancellationToken
    )
    {
        PostgresFilter condition = PostgresFilter.Translate(filter, _table, firstParameter: 3);
        return _server.ReadAsync<IReadOnlyList<StoredDocument>>(
            async session =>
                await session
                    .QueryAsync(
                        SelectWhole($"where key > $1 and {condition.Condition} order by key limit $2"),
                        WithVector,
                        [afterKey, limit, .. condition.Parameters]
                    )
                    .ConfigureAwait(false),
            cancellationToken
        );
    }

    public override Task<int> DeleteAsync(DocumentSelection selection, bool isDryRun, CancellationToken cancellationToken)
    {
        if (isDryRun)
        {
            return _server.ReadAsync(
                async session =>
                {
                    (string where, object[] values) = Selected(selection);
                    return (int)
                        await session.ScalarAsync<long>($"select count(*) from {_table.Documents}{where}", values).ConfigureAwait(false);
                },
                cancellationToken
            );
        }

        return _server.WriteAsync(
            session =>
            {
                (string where, object[] values) = Selected(selection);
                return session.ExecuteAsync($"delete from {_table.Documents}{where}", values);
            },
            cancellationToken
        );
    }

    public override Task<MetadataUpdate> UpdateMetadataAsync(
        DocumentSelection selection,
        Func<StoredDocument, string> change,
        bool isDryRun,
        CancellationToken cancellationToken
    ) => _server.WriteAsync(session => UpdateMetadataAsync(session, selection, change, isDryRun), cancellationToken);

    private async Task<MetadataUpdate> UpdateMetadataAsync(
        PostgresSession session,
        DocumentSelection selection,
        Func<StoredDocument, string> change,
        bool isDryRun
    )
    {
        // A document of a partitioned collection may move to another partition, as in a write of documents.
        if (_table.IsPartitioned && !isDryRun)
            await session.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended($1, 0))", _table.Documents).ConfigureAwait(false);
        (string where, object[] values) = Selected(selection);
        string locked = isDryRun || _isCitus ? "" : " order by id for update";
        int matched = 0;
        List<IncomingDocument?> found = await session
            .QueryAsync(
                $"select {Columns} from {_table.Documents}{where}{locked}",
                row =>
                {
                    matched++;
                    StoredDocument document = Document(row);
                    string metadata = change(document);
                    return metadata == document.Metadata ? null : new IncomingDocument(document.Id, "", [], metadata, document.Source);
                },
                values
            )
            .ConfigureAwait(false);
        List<IncomingDocument> changed = [.. found.OfType<IncomingDocument>()];
        if (!isDryRun)
        {
            foreach (IncomingDocument[] batch in changed.Chunk(UpdateBatch))
                await UpdateFactsAsync(session, [.. batch]).ConfigureAwait(false);
        }

        return new(matched, changed.Count);
    }

    // New parameters for each try, because a parameter belongs to one command.
    private (string Where, object[] Values) Selected(DocumentSelection selection)
    {
        PostgresFilter? filter = selection.Filter is { } condition
            ? PostgresFilter.Translate(condition, _table, firstParameter: selection.Ids is null ? 1 : 2)
            : null;
        IEnumerable<string?> conditions = [selection.Ids is null ? null : "id = any($1)", filter?.Condition];
        string where = string.Join(" and ", conditions.OfType<string>());
        object[] ids = selection.Ids is null
            ? []
            :
            [
                new NpgsqlParameter
                {
                    Value = selection.Ids.Where(IsStorable).Select(Storable).Distinct(StringComparer.Ordinal).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                },
            ];
        return (where.Length == 0 ? "" : $" where {where}", [.. ids, .. filter?.Parameters ?? []]);
    }
}
