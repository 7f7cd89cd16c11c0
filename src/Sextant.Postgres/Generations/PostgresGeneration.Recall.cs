using Pgvector;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Tables;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Generations;

internal sealed partial class PostgresGeneration
{
    /// <summary>A query, and the scores of the first that it finds and of the last of its true neighbors.</summary>
    private readonly record struct SampleQuery(RecallProbe Probe, int Neighbors, float Best, float Last);

    public override Task<RecallReport> MeasureRecallAsync(int k, int samples, CancellationToken cancellationToken) =>
        _server.ReadAsync(
            async session =>
            {
                await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
                List<SampleQuery> sample = await SampleAsync(session, k, samples).ConfigureAwait(false);
                return await ReportAsync(session, sample, k, Manifest.Index.EfSearch).ConfigureAwait(false);
            },
            cancellationToken
        );

    public override async Task<RecallReport> TuneEfSearchAsync(double target, int k, int samples, CancellationToken cancellationToken)
    {
        RecallReport report = await _server
            .ReadAsync(
                async session =>
                {
                    await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
                    List<SampleQuery> sample = await SampleAsync(session, k, samples).ConfigureAwait(false);
                    if (sample.Count == 0)
                        throw new InputException($"{Name} has too few documents to measure recall");
                    LeastSearch search = new(Math.Min(MaxEf, Math.Max(LeastSearch.LeastEf, k)), MaxEf);
                    while (search.Next is { } width)
                        search.Report(width, (await MeasureAsync(session, sample, width).ConfigureAwait(false)).Share >= target);
                    return await ReportAsync(session, sample, k, search.Result).ConfigureAwait(false);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        await KeepAsync(report.EfSearch, cancellationToken).ConfigureAwait(false);
        return report;
    }

    private async Task KeepAsync(int width, CancellationToken cancellationToken) =>
        _manifest = await _server
            .WriteAsync(
                async session =>
                {
                    await PostgresSchema.LockAsync(session, _table.Collection).ConfigureAwait(false);
                    if (
                        await PostgresRegistry.FindAsync(session, _table.Collection, Name).ConfigureAwait(false) is not { } found
                        || found.Table != _table
                    )
                    {
                        throw new SextantException($"{Name} was moved to another model while its recall was measured; start again");
                    }

                    Manifest tuned = found.Manifest with { Index = found.Manifest.Index with { EfSearch = width } };
                    await PostgresRegistry.NoteAsync(session, _table, tuned).ConfigureAwait(false);
                    return tuned;
                },
                cancellationToken
            )
            .ConfigureAwait(false);

    // Evenly spread, so that a measurement twice in a row says the same.
    private async Task<List<SampleQuery>> SampleAsync(PostgresSession session, int k, int size)
    {
        long neighbors = Math.Min(k, await CountAsync(session).ConfigureAwait(false) - 1);
        if (neighbors < 1)
            return [];
        List<(long Key, float[] Vector)> vectors = await session
            .QueryAsync(
                $"select key, vector from (select key, vector, row_number() over (order by key) as n, count(*) over () as total "
                    + $"from (select min(key) as key, vector from {_table.Documents} group by vector) distinct_vectors) numbered "
                    + "where n % greatest(1, total / $1) = 0 limit $1",
                row => (row.GetInt64(0), row.GetFieldValue<Vector>(1).ToArray()),
                (long)size
            )
            .ConfigureAwait(false);
        List<SampleQuery> sample = [];
        foreach (RecallProbe probe in RecallProbe.Create(vectors))
        {
            List<Ranked> truth = await ExactAsync(session, QueryOf(probe.Vector), (int)neighbors + 1).ConfigureAwait(false);
            sample.Add(new(probe, (int)neighbors, truth[0].Score, probe.Others(truth, static hit => hit.Key, (int)neighbors).Last().Score));
        }

        return sample;
    }

    private async Task<RecallEstimate> MeasureAsync(PostgresSession session, List<SampleQuery> sample, int width)
    {
        double[] shares = new double[sample.Count];
        for (int i = 0; i < shares.Length; i++)
        {
            SampleQuery query = sample[i];
            List<Ranked> found = await NearestAsync(session, QueryOf(query.Probe.Vector) with { EfSearch = width }, query.Neighbors + 1)
                .ConfigureAwait(false);
            shares[i] = query.Probe.ShareOf(found, static hit => hit.Key, static hit => hit.Score, query.Best, query.Last, query.Neighbors);
        }

        return new(shares, sample[0].Neighbors);
    }

    private async Task<RecallReport> ReportAsync(PostgresSession session, List<SampleQuery> sample, int k, int width)
    {
        if (sample.Count == 0)
            return new(0, k, width, 1, 0, 1, 0, []);
        RecallEstimate found = await MeasureAsync(session, sample, width).ConfigureAwait(false);
        (double low, double high) = found.Interval();
        return new(sample.Count, k, width, found.Share, low, high, 0, []);
    }

    private static CollectionQuery QueryOf(float[] vector) =>
        new()
        {
            Vector = vector,
            Mode = SearchMode.Semantic,
            Count = 1,
        };
}
