namespace Sextant.Search;

/// <summary>The recall of a collection's graph, measured with stored vectors as queries.</summary>
/// <remarks>
/// The interval is Wilson's at 95 %. The neighbors of one query are correlated, so it uses the effective number of independent trials,
/// estimated from the spread between queries; that number is between the number of queries and the number of neighbors.
/// </remarks>
/// <param name="Samples">The number of queries.</param>
/// <param name="K">The number of neighbors per query, excluding the query itself.</param>
/// <param name="EfSearch">The number of candidates that a search keeps.</param>
/// <param name="Recall">The fraction of true neighbors found, in [0, 1].</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Unreachable">The number of unreachable vectors; 0 if the graph belongs to a database and cannot be inspected.</param>
/// <param name="Degrees">
/// The number of vectors for each number of links on the lowest level, from 0 up; empty if the graph belongs to a database and cannot be
/// inspected.
/// </param>
public sealed record RecallReport(
    int Samples,
    int K,
    int EfSearch,
    double Recall,
    double Low,
    double High,
    int Unreachable,
    IReadOnlyList<int> Degrees
);
