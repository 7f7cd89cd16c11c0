namespace Sextant.Models.Catalog;

/// <summary>A published average on a benchmark.</summary>
/// <param name="Benchmark">The benchmark with its version. Averages on two versions cannot be compared.</param>
/// <param name="Average">The mean over its tasks, 0 to 100, higher is better.</param>
/// <param name="AsOf">The day on which it stood so in the published results.</param>
public sealed record CatalogScore(string Benchmark, double Average, DateOnly AsOf)
{
    /// <summary>The current English benchmark of MTEB: 41 tasks.</summary>
    public const string EnglishV2 = "MTEB(eng, v2)";

    /// <summary>The first English benchmark of MTEB, which older tables quote: 56 tasks.</summary>
    public const string EnglishV1 = "MTEB(eng, v1)";
}
