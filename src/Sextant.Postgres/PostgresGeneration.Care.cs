using System.Globalization;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Postgres;

internal sealed partial class PostgresGeneration
{
    private const int MaxProblems = 20;
    private const int RecallSample = 50;
    private const int RecallDepth = 10;

    /// <summary>Below this the index is broken, not merely approximate.</summary>
    private const double LowestRecall = 0.9;

    public override Task<CollectionInfo> InfoAsync(CancellationToken cancellationToken) => _server.ReadAsync(async session =>
    {
        List<(long Table, long Indexes)> sizes = await session.QueryAsync(
            _isCitus
                ? "select citus_table_size($1::regclass), citus_total_relation_size($1::regclass) - citus_table_size($1::regclass)"
                : "select sum(pg_table_size(relid))::bigint, sum(pg_indexes_size(relid))::bigint "
            + "from (select $1::regclass as relid union select relid from pg_partition_tree($1::regclass)) tables",
            row => (row.GetInt64(0), row.GetInt64(1)), _table.Documents).ConfigureAwait(false);
        return new CollectionInfo
        {
            Path = Name,
            Documents = await CountAsync(session).ConfigureAwait(false),
            Model = Manifest.Model,
            Fingerprint = Manifest.Fingerprint,
            Index = Manifest.Index,
            FormatVersion = _table.Generation.Length == 0 ? 1 : PostgresSchema.FormatVersion,
            Created = Manifest.Created,
            DocumentsBytes = sizes[0].Table,
            IndexBytes = sizes[0].Indexes,
            PreviousModel = (await PostgresVectors.FindAsync(session, _table.Collection, VectorRole.Previous).ConfigureAwait(false))?.Manifest.Model.Name,
            NextModel = (await PostgresVectors.FindAsync(session, _table.Collection, VectorRole.Next).ConfigureAwait(false))?.Manifest.Model.Name,
        };
    }, cancellationToken);

    public override async Task CompactAsync(CancellationToken cancellationToken)
    {
        await _server.ExecuteAloneAsync($"vacuum analyze {_table.Documents}", cancellationToken).ConfigureAwait(false);
        if (_hasIndex) await _server.ExecuteAloneAsync($"reindex index {_table.Nearest}", cancellationToken).ConfigureAwait(false);
        else await SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The server checks its pages itself; here each row is checked against what was written, and the index against the truth.</summary>
    public override Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken) => _server.ReadAsync(async session =>
    {
        await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
        List<string> problems = [];
        await CheckAsync("the text of document '{0}' is not what was written",
            "substring(sha256(convert_to(text, 'UTF8')) for octet_length(text_hash)) <> text_hash").ConfigureAwait(false);
        await CheckAsync("the metadata of document '{0}' are not JSON, or not those that filters look at",
            "jsonb_typeof(fields) <> 'object' or (strpos(metadata, '\\u0000') = 0 and metadata::jsonb <> fields)").ConfigureAwait(false);
        await CheckAsync("the vector of document '{0}' does not have length 1", "abs(vector_norm(vector) - 1) > 1e-3 and vector_norm(vector) <> 0")
            .ConfigureAwait(false);
        if (await session.ScalarAsync<bool>("select exists (select from pg_index where indexrelid = to_regclass($1) and not indisvalid)", _table.Nearest)
            .ConfigureAwait(false)) problems.Add("the index over vectors is not valid; compact the collection");
        long documents = await CountAsync(session).ConfigureAwait(false);
        double? recall = documents == 0 ? null : await RecallAsync(session).ConfigureAwait(false);
        if (recall < LowestRecall)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture,
                $"searching the index finds only {100 * recall:F0} % of the nearest; compact the collection"));
        }

        return new CollectionVerification(documents, problems, recall);

        async Task CheckAsync(string problem, string condition)
        {
            foreach (string id in await session.QueryAsync(
                $"select id from {_table.Documents} where {condition} limit {Number(MaxProblems)}", row => row.GetString(0)).ConfigureAwait(false))
            {
                if (problems.Count < MaxProblems) problems.Add(string.Format(CultureInfo.InvariantCulture, problem, id));
            }
        }
    }, cancellationToken);

    private async Task<double> RecallAsync(PostgresSession session)
    {
        List<float[]> sample = await session.QueryAsync(
            $"select vector from (select vector, row_number() over (order by key) as n, count(*) over () as total from {_table.Documents}) numbered "
            + "where n % greatest(1, total / $1) = 0 limit $1",
            row => row.GetFieldValue<Pgvector.Vector>(0).ToArray(), (long)RecallSample).ConfigureAwait(false);
        double found = 0, wanted = 0;
        foreach (float[] vector in sample)
        {
            CollectionQuery query = new() { Vector = vector, Mode = SearchMode.Semantic, Count = RecallDepth };
            List<Ranked> truth = await ExactAsync(session, query, RecallDepth).ConfigureAwait(false);
            // Among equals any is right, so scores are compared and not keys.
            found += (await NearestAsync(session, query, RecallDepth).ConfigureAwait(false)).Count(hit => hit.Score >= truth[^1].Score - 1e-5f);
            wanted += truth.Count;
        }

        return wanted == 0 ? 1 : Math.Min(1, found / wanted);
    }
}
