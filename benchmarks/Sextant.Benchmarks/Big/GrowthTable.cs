using System.Globalization;
using Sextant.Index;
using Sextant.Index.Interchange;

namespace Sextant.Benchmarks.Big;

/// <summary>The processor time of an insert and of a search when an index has a power of ten of vectors, and how fast both grow.</summary>
internal sealed class GrowthTable(HnswIndex index, VectorTable queries)
{
    private const int TopK = 10,
        Smallest = 10_000;
    private static readonly SearchParameters How = new() { EfSearch = 64 };
    private readonly List<(int Vectors, double Insert, double Search)> _rows = [];

    /// <summary>Measures a search if the index has just reached a power of ten.</summary>
    public void Note(TimeSpan insert)
    {
        if (index.Count >= Smallest * Math.Pow(10, _rows.Count))
            _rows.Add((index.Count, insert.TotalMicroseconds, Search()));
    }

    public void Print()
    {
        Console.WriteLine("| vectors | insert, CPU us | search at ef 64, CPU us |");
        Console.WriteLine("| --- | --- | --- |");
        foreach ((int vectors, double insert, double search) in _rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {vectors:N0} | {insert:F0} | {search:F0} |"));
        if (_rows.Count > 1)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"growth: insert n^{Exponent(static row => row.Insert):F2}, search n^{Exponent(static row => row.Search):F2}"
                )
            );
        }
    }

    private double Search()
    {
        // The first pass brings pages and caches to the state of an index in use.
        double micros = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            for (int q = 0; q < queries.Count; q++)
                index.Search(queries.Row(q), TopK, How);
            micros = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / queries.Count;
        }

        return micros;
    }

    /// <summary>The slope of a line through the logarithms, by least squares.</summary>
    private double Exponent(Func<(int Vectors, double Insert, double Search), double> cost)
    {
        double[] x = [.. _rows.Select(static row => Math.Log(row.Vectors))],
            y = [.. _rows.Select(row => Math.Log(cost(row)))];
        double meanX = x.Average(),
            meanY = y.Average();
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
