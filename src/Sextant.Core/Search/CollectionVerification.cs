namespace Sextant.Search;

/// <summary>The result of checking a collection.</summary>
/// <param name="Documents">The number of documents checked.</param>
/// <param name="Problems">One sentence per problem; empty if the collection is intact.</param>
/// <param name="Recall">
/// The fraction of the true ten nearest neighbors that the graph finds, over a sample of stored vectors; 1 is perfect.
/// <see langword="null"/> for an empty collection.
/// </param>
public sealed record CollectionVerification(long Documents, IReadOnlyList<string> Problems, double? Recall)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsHealthy => Problems.Count == 0;

    /// <summary>Whether some of the problems are in the graph, which <see cref="CollectionMaintenance.RepairAsync"/> repairs.</summary>
    public bool CanBeRepaired { get; init; }
}
