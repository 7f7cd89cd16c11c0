namespace Sextant.Embedding;

/// <summary>
/// A model that says how well each of some documents answers a query: the second stage of a search. Thread-safe.
/// </summary>
public interface IReranker : IDisposable
{
    /// <summary>Its name, and what its scores measure.</summary>
    RerankerProfile Profile { get; }

    /// <summary>Scores documents.</summary>
    /// <param name="query">The query.</param>
    /// <param name="documents">The texts to score; any number of them, of any length.</param>
    /// <param name="cancellationToken">Cancels scoring.</param>
    /// <returns>One finite score for each document, in the order of <paramref name="documents"/>; higher is better.</returns>
    /// <exception cref="SextantException">The model cannot be reached or fails.</exception>
    Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default);

    /// <summary>Estimates the cost of <see cref="ScoreAsync"/> in US dollars, without sending a request.</summary>
    /// <param name="query">The query.</param>
    /// <param name="documents">The texts to score.</param>
    /// <param name="cancellationToken">Cancels the estimate.</param>
    /// <returns>0 for a local model; <see langword="null"/> if the price is unknown.</returns>
    Task<decimal?> EstimateCostAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default) =>
        Task.FromResult<decimal?>(0);
}
