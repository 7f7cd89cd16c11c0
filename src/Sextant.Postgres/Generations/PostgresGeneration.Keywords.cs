using Pgvector;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Queries;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Generations;

internal sealed partial class PostgresGeneration
{
    /// <summary>
    /// How many documents the words may match together by which candidates are chosen. Ranking one takes some microseconds here,
    /// where SQLite takes one.
    /// </summary>
    private const int MaxRanked = 5_000;

    /// <summary>How many candidates are ranked when the rarest word alone matches more.</summary>
    private const int MaxCandidates = 10_000;

    /// <summary>How many words count in the ranking; each is looked up in every candidate.</summary>
    private const int MaxWeighed = 12;

    /// <summary>Fewer documents than this are counted as fast as estimated.</summary>
    private const int WorthEstimating = 10_000;

    /// <summary>
    /// A word that stands once in a text of some 60 words has the rank 0.1 / 1.645 / log2(61), and in BM25 counts its rarity once.
    /// </summary>
    private const int ScaleOfBm25 = 100;

    private readonly record struct Weighed(string Query, long Documents, double Weight);

    private async Task<(List<Ranked> Found, double Weight)> KeywordsAsync(PostgresSession session, CollectionQuery query, int wide)
    {
        List<Weighed> words = await WeighAsync(session, query.Keywords).ConfigureAwait(false);
        if (words.Count == 0)
            return ([], 0);
        PostgresFilter? filter = Filter(query, 5 + (2 * Math.Min(words.Count, MaxWeighed)));
        List<object> values = [new Vector(query.Vector), Any(SelectRareWords(words)), MaxCandidates, wide];
        List<string> sum = [];
        foreach (Weighed word in words.Take(MaxWeighed))
        {
            values.Add(word.Query);
            values.Add(word.Weight);
            sum.Add(
                $"ts_rank(words, ${Number(values.Count - 1)}::text::tsquery, 1) * ${Number(values.Count)}::float8 * {Number(ScaleOfBm25)}"
            );
        }

        // As in BM25 a word counts by how rare it is, and each further time it stands in a text, less; long texts are discounted.
        // In a subquery the words are unknown to the planner, which otherwise reads the whole table for frequent ones.
        // Vectors are read only for the documents that remain.
        List<Ranked> ranked = await session
            .QueryAsync(
                Settings,
                $"""
                select key, id, {_table.Distance} as distance, rank from (
                    select key, id, vector, {string.Join(" + ", sum)} as rank from (
                        select key, id, vector, words from {_table.Documents}
                        where words @@ (select $2::text::tsquery){(filter is null ? "" : $" and {filter.Condition}")} limit $3) candidates
                    order by rank desc, key limit $4) best
                order by rank desc, key
                """,
                row => RankedRow(row) with { Words = new((float)row.GetDouble(3), 0) },
                [.. values, .. Values(filter)]
            )
            .ConfigureAwait(false);
        return (
            [.. ranked.Select((found, i) => found with { Words = found.Words! with { Rank = i + 1 } })],
            words.Take(MaxWeighed).Sum(word => word.Weight)
        );
    }

    /// <summary>The words of a query that any document holds, the rarest first.</summary>
    private async Task<List<Weighed>> WeighAsync(PostgresSession session, IReadOnlyList<string> words)
    {
        string[] queries = [.. KeywordAnalyzer.AnalyzeQuery(words).Select(KeywordText.Query).Distinct(StringComparer.Ordinal)];
        if (queries.Length == 0)
            return [];
        List<(string Query, long Documents)> counted = await session
            .QueryAsync(
                $"""
                select asked.query,
                    (select count(*) from (select 1 from {_table.Documents} where words @@ asked.query::tsquery limit $2) found)
                from unnest($1::text[]) as asked(query)
                """,
                row => (row.GetString(0), row.GetInt64(1)),
                queries,
                MaxRanked + 1
            )
            .ConfigureAwait(false);
        if (counted.TrueForAll(c => c.Documents == 0))
            return [];
        double all = Math.Max(await EstimateCountAsync(session).ConfigureAwait(false), 1);
        return
        [
            .. counted
                .Where(c => c.Documents > 0)
                .OrderBy(c => c.Documents)
                .ThenBy(c => c.Query, StringComparer.Ordinal)
                .Select(c => new Weighed(c.Query, c.Documents, Math.Log(1 + (Math.Max(0, all - c.Documents + 0.5) / (c.Documents + 0.5))))),
        ];
    }

    // To count a large table takes longer than to search it, and the weights need only its order of magnitude.
    private async Task<double> EstimateCountAsync(PostgresSession session)
    {
        double? estimate = _isCitus
            ? null
            : await session
                .ScalarAsync<double?>(
                    "select sum(reltuples)::float8 from pg_class where oid in (select relid from pg_partition_tree($1::regclass) where "
                        + "isleaf)",
                    _table.Documents
                )
                .ConfigureAwait(false);
        return estimate >= WorthEstimating ? estimate.Value : await CountAsync(session).ConfigureAwait(false);
    }

    // A word that half of all documents hold says next to nothing about any: the rarest choose the candidates, and always one does.
    private static IEnumerable<Weighed> SelectRareWords(List<Weighed> words)
    {
        long total = 0;
        return words.TakeWhile((word, i) => (total += word.Documents) <= MaxRanked || i == 0);
    }

    private static string Any(IEnumerable<Weighed> words) => string.Join(" | ", words.Select(word => word.Query));
}
