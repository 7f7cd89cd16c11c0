using Microsoft.Data.Sqlite;
using Sextant.Index;
using Sextant.Search.Storage.Documents;

namespace Sextant.Search.Storage.Graph;

/// <summary>Stored vectors used as queries, with the distances of their true neighbors.</summary>
internal sealed class RecallSample
{
    /// <summary>Scores may differ by this much between two ways to add up the same products.</summary>
    private const float Tie = 1e-5f;

    private readonly int _k;
    private readonly (long Key, float[] Vector)[] _queries;
    private readonly float[] _last;

    private RecallSample(int k, (long Key, float[] Vector)[] queries, float[] last) => (_k, _queries, _last) = (k, queries, last);

    public int Count => _queries.Length;

    /// <summary>Takes up to <paramref name="size"/> vectors, evenly spread, so that a measurement twice in a row says the same.</summary>
    public static RecallSample Take(DocumentReader reader, LiveIndex index, int k, int size, CancellationToken cancellationToken)
    {
        k = Math.Min(k, index.Count - 1);
        if (k < 1) return new(0, [], []);
        List<(long Key, float[] Vector)> queries = [];
        foreach (long key in Keys(reader.Connection, size))
            if (reader.FindVector(key) is { } vector) queries.Add((key, vector));
        float[] last = new float[queries.Count];
        Parallel.For(0, last.Length, new ParallelOptions { CancellationToken = cancellationToken }, q =>
            last[q] = Others(index.Search(queries[q].Vector, k + 1, new() { Exact = true }), queries[q].Key, k)[^1].Score);
        return new(k, [.. queries], last);
    }

    /// <summary>What searching with <paramref name="efSearch"/> candidates finds of it.</summary>
    public RecallEstimate Measure(LiveIndex index, int efSearch, CancellationToken cancellationToken)
    {
        double[] shares = new double[Count];
        // Among equals any is right, so scores are compared and not keys.
        Parallel.For(0, Count, new ParallelOptions { CancellationToken = cancellationToken }, q =>
            shares[q] = (double)Others(index.Search(_queries[q].Vector, _k + 1, new() { EfSearch = efSearch }), _queries[q].Key, _k)
                .Count(hit => hit.Score >= _last[q] - Tie) / _k);
        return new(shares, _k);
    }

    // A query is its own nearest, which even a bad graph finds; and of vectors equal to it any may come in its place.
    private static Neighbor[] Others(Neighbor[] found, long key, int k) => [.. found.Where(hit => hit.Id != key).Take(k)];

    private static List<long> Keys(SqliteConnection connection, int size)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "select key from (select key, row_number() over (order by key) as n, count(*) over () as total from vectors) "
            + "where n % max(1, total / $sample) = 0 limit $sample";
        command.Parameters.AddWithValue("$sample", size);
        using SqliteDataReader row = command.ExecuteReader();
        List<long> keys = [];
        while (row.Read()) keys.Add(row.GetInt64(0));
        return keys;
    }
}
