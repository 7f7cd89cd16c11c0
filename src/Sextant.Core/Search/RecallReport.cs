namespace Sextant.Search;

/// <summary>How much of the truth a collection's graph finds, measured with stored vectors as queries.</summary>
/// <remarks>
/// The interval is Wilson's at 95 %. The neighbours of one query are found or missed together, so it goes by the number of independent trials
/// that the spread between queries tells of, which lies between the number of queries and the number of neighbours.
/// </remarks>
/// <param name="Samples">How many queries there were.</param>
/// <param name="K">How many neighbours each asked for, itself left out.</param>
/// <param name="EfSearch">How many candidates a search keeps.</param>
/// <param name="Recall">The share of the true neighbours that were found, in [0, 1].</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Unreachable">How many vectors no walk over the graph comes to; 0 where the graph is a database's and cannot be inspected.</param>
/// <param name="Degrees">
/// How many vectors have each number of links on the lowest level, from 0 up; empty where the graph is a database's and cannot be inspected.
/// </param>
public sealed record RecallReport(
    int Samples, int K, int EfSearch, double Recall, double Low, double High, int Unreachable, IReadOnlyList<int> Degrees)
{
    /// <summary>The fewest candidates that tuning tries.</summary>
    internal const int LeastEf = 8;
}
