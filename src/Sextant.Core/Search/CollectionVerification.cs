namespace Sextant.Search;

/// <summary>What checking a collection found.</summary>
/// <param name="Documents">How many documents were checked.</param>
/// <param name="Problems">What is wrong, a sentence each; empty when nothing is.</param>
/// <param name="Recall">
/// The share of the true ten nearest that searching the graph finds, over a sample of stored vectors; 1 is perfect.
/// <see langword="null"/> for an empty collection.
/// </param>
public sealed record CollectionVerification(long Documents, IReadOnlyList<string> Problems, double? Recall)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsHealthy => Problems.Count == 0;

    /// <summary>Whether some of what is wrong is in the graph, which <see cref="CollectionMaintenance.RepairAsync"/> repairs.</summary>
    public bool CanBeRepaired { get; init; }
}
