using System.Globalization;
using Sextant.Numerics;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Queries;
using Sextant.Postgres.Tables;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Generations;

internal sealed partial class PostgresGeneration
{
    private const int MaxProblems = 20;
    private const int SampleSize = 50;
    private const int RecallDepth = 10;

    /// <summary>Below this the index is broken, not merely approximate.</summary>
    private const double LowestRecall = 0.9;

    public override Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        _server.ReadAsync(
            async session =>
            {
                List<(long Table, long Indexes)> sizes = await session
                    .QueryAsync(
                        _isCitus
                            ? "select citus_table_size($1::regclass), citus_total_relation_size($1::regclass) - "
                                + "citus_table_size($1::regclass)"
                            : "select sum(pg_table_size(relid))::bigint, sum(pg_indexes_size(relid))::bigint "
                                + "from (select $1::regclass as relid union select relid from pg_partition_tree($1::regclass)) tables",
                        row => (row.GetInt64(0), row.GetInt64(1)),
                        _table.Documents
                    )
                    .ConfigureAwait(false);
                return new CollectionInfo
                {
                    Location = Name,
                    Documents = await CountAsync(session).ConfigureAwait(false),
                    Model = Manifest.Model,
                    Fingerprint = Manifest.Fingerprint,
                    Index = Manifest.Index,
                    FormatVersion = _table.Generation.Length == 0 ? 1 : PostgresRegistry.FormatVersion,
                    Created = Manifest.Created,
                    DocumentsBytes = sizes[0].Table,
                    IndexBytes = sizes[0].Indexes,
                    PreviousModel = (await PostgresVectors.FindAsync(session, _table.Collection, VectorRole.Previous).ConfigureAwait(false))
                        ?.Manifest
                        .Model
                        .Name,
                    NextModel = (await PostgresVectors.FindAsync(session, _table.Collection, VectorRole.Next).ConfigureAwait(false))
                        ?.Manifest
                        .Model
                        .Name,
                };
            },
            cancellationToken
        );

    public override async Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken)
    {
        if (_table.Index == VectorIndexKind.None)
            return [];
        if (!_hasIndex)
        {
            await EndBulkWriteAsync(cancellationToken).ConfigureAwait(false);
            return _hasIndex ? ["the missing vector index was built"] : [];
        }

        string? reason = await _server
            .ReadAsync(
                async session =>
                {
                    await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
                    return !await IsValidAsync(session).ConfigureAwait(false) ? "it was not valid"
                        : await ShareAsync(session).ConfigureAwait(false) < LowestRecall ? "its recall was too low"
                        : null;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        if (reason is null)
            return [];
        await _server.ExecuteAloneAsync($"reindex index {_table.Nearest}", cancellationToken).ConfigureAwait(false);
        return [$"the vector index was rebuilt, because {reason}"];
    }

    public override async Task CompactAsync(CancellationToken cancellationToken)
    {
        await RefreshWordsAsync(cancellationToken).ConfigureAwait(false);
        await _server.ExecuteAloneAsync($"vacuum analyze {_table.Documents}", cancellationToken).ConfigureAwait(false);
        if (_hasIndex)
            await _server.ExecuteAloneAsync($"reindex index {_table.Nearest}", cancellationToken).ConfigureAwait(false);
        else
            await EndBulkWriteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The server checks its own pages; this checks each row against its checksums, and the index against exact search.</summary>
    public override Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken) =>
        _server.ReadAsync(
            async session =>
            {
                await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
                List<string> problems = [];
                await CheckAsync(
                        "the text of document '{0}' does not match its checksum",
                        "substring(sha256(convert_to(text, 'UTF8')) for octet_length(text_hash)) <> text_hash"
                    )
                    .ConfigureAwait(false);
                problems.AddRange(await OtherFieldsAsync(session).ConfigureAwait(false));
                if (Manifest.Metric == SimilarityMetric.Cosine)
                {
                    await CheckAsync(
                            "the vector of document '{0}' does not have length 1",
                            "abs(vector_norm(vector) - 1) > 1e-3 and vector_norm(vector) <> 0"
                        )
                        .ConfigureAwait(false);
                }

                if (!await IsValidAsync(session).ConfigureAwait(false))
                    problems.Add("the vector index is not valid; compact the collection");
                long documents = await CountAsync(session).ConfigureAwait(false);
                double? recall = documents == 0 ? null : await ShareAsync(session).ConfigureAwait(false);
                if (recall < LowestRecall)
                {
                    problems.Add(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"searching the index finds only {100 * recall:F0} % of the nearest; compact the collection"
                        )
                    );
                }

                return new CollectionVerification(documents, problems, recall);

                async Task CheckAsync(string problem, string condition)
                {
                    foreach (
                        string id in await session
                            .QueryAsync(
                                $"select id from {_table.Documents} where {condition} limit {Number(MaxProblems)}",
                                row => row.GetString(0)
                            )
                            .ConfigureAwait(false)
                    )
                    {
                        if (problems.Count < MaxProblems)
                            problems.Add(string.Format(CultureInfo.InvariantCulture, problem, id));
                    }
                }
            },
            cancellationToken
        );

    // Numbers that jsonb holds more exactly than filters compare them are kept rounded, and NUL not at all: those rows are compared here.
    private async Task<List<string>> OtherFieldsAsync(PostgresSession session)
    {
        List<(string Id, string Metadata)> differing = await session
            .QueryAsync(
                $"select id, metadata from {_table.Documents} where case when strpos(metadata, '\\u0000') > 0 then true else "
                    + $"metadata::jsonb <> fields end",
                row => (row.GetString(0), row.GetString(1))
            )
            .ConfigureAwait(false);
        HashSet<string> sound =
        [
            .. await session
                .QueryAsync(
                    $"select d.id from {_table.Documents} d join unnest($1, $2) as i(id, fields) on i.id = d.id where d.fields = "
                        + $"i.fields::jsonb",
                    row => row.GetString(0),
                    differing.Select(d => d.Id).ToArray(),
                    differing.Select(d => FilterableFields.Create(d.Metadata)).ToArray()
                )
                .ConfigureAwait(false),
        ];
        return
        [
            .. differing
                .Where(d => !sound.Contains(d.Id))
                .Take(MaxProblems)
                .Select(d => $"the metadata of document '{d.Id}' differs from its copy for filters"),
        ];
    }

    private async Task<bool> IsValidAsync(PostgresSession session) =>
        !await session
            .ScalarAsync<bool>("select exists (select from pg_index where indexrelid = to_regclass($1) and not indisvalid)", _table.Nearest)
            .ConfigureAwait(false);

    private async Task<double> ShareAsync(PostgresSession session)
    {
        List<SampleQuery> sample = await SampleAsync(session, RecallDepth, SampleSize).ConfigureAwait(false);
        return sample.Count == 0 ? 1 : (await MeasureAsync(session, sample, Manifest.Index.EfSearch).ConfigureAwait(false)).Share;
    }
}
