using Microsoft.Data.Sqlite;
using Sextant.Index;
using Sextant.Search.Storage.Documents;

namespace Sextant.Search.Storage.Graph;

/// <summary>Queries made of stored vectors, with the scores of their true neighbors.</summary>
internal sealed class RecallSample
{
    private readonly int _k;
    private readonly List<RecallProbe> _probes;
    private readonly (float Best, float Last)[] _truth;

    private RecallSample(int k, List<RecallProbe> probes, (float Best, float Last)[] truth) => (_k, _probes, _truth) = (k, probes, truth);

    public int Count => _probes.Count;

    /// <summary>
    /// Takes up to <paramref name="size"/> distinct vectors, evenly spread, so that a measurement twice in a row says the same, and copies
    /// of
    /// one vector count as one.
    /// </summary>
    public static RecallSample Take(DocumentReader reader, LiveIndex index, int k, int size, CancellationToken cancellationToken)
    {
        k = Math.Min(k, index.Count - 1);
        if (k < 1)
            return new(0, [], []);
        List<(long Key, float[] Vector)> stored = [];
        foreach (long key in Keys(reader.Connection, size))
        {
            if (reader.FindVector(key, index.Manifest.Dimensions) is { } vector)
                stored.Add((key, vector));
        }

        List<RecallProbe> probes = RecallProbe.Create(stored);
        var truth = new (float, float)[probes.Count];
        Parallel.For(
            0,
            truth.Length,
            new ParallelOptions { CancellationToken = cancellationToken },
            i =>
            {
                Neighbor[] exact = index.Search(probes[i].Vector, k + 1, new() { Exact = true });
                truth[i] = (exact[0].Score, probes[i].Others(exact, static hit => hit.Id, k).Last().Score);
            }
        );
        return new(k, probes, truth);
    }

    /// <summary>What searching with <paramref name="efSearch"/> candidates finds of it.</summary>
    public RecallEstimate Measure(LiveIndex index, int efSearch, CancellationToken cancellationToken)
    {
        double[] shares = new double[Count];
        Parallel.For(
            0,
            Count,
            new ParallelOptions { CancellationToken = cancellationToken },
            i =>
            {
                Neighbor[] found = index.Search(_probes[i].Vector, _k + 1, new() { EfSearch = efSearch });
                shares[i] = _probes[i].ShareOf(found, static hit => hit.Id, static hit => hit.Score, _truth[i].Best, _truth[i].Last, _k);
            }
        );
        return new(shares, _k);
    }

    private static List<long> Keys(SqliteConnection connection, int size)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "select key from (select key, row_number() over (order by key) as n, count(*) over () as total from (select min(key) as key "
            + "from vectors group by checksum)) "
            + "where n % max(1, total / $sample) = 0 limit $sample";
        command.Parameters.AddWithValue("$sample", size);
        using SqliteDataReader row = command.ExecuteReader();
        List<long> keys = [];
        while (row.Read())
            keys.Add(row.GetInt64(0));
        return keys;
    }
}
