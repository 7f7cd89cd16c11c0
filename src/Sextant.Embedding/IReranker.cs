namespace Sextant.Embedding;

/// <summary>
/// A model that says how well each of some documents answers a query: the second stage of a search. Thread-safe.
/// </summary>
public interface IReranker : IDisposable
{
    /// <summary>Its name, and what its scores measure.</summary>
    RerankerProfile Profile { get; }

    /// <summary>Scores documents.</summary>
    /// <param name="query">What is searched for.</param>
    /// <param name="documents">The texts to score; any number of them, of any length.</param>
    /// <param name="cancellationToken">Stops scoring.</param>
    /// <returns>One finite score for each document, in the order of <paramref name="documents"/>; higher is better.</returns>
    /// <exception cref="SextantException">The model cannot be reached or fails.</exception>
    Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default);

    /// <summary>What <see cref="ScoreAsync"/> would cost now, in US dollars; nothing is sent to find out.</summary>
    /// <param name="query">What is searched for.</param>
    /// <param name="documents">The texts to score.</param>
    /// <param name="cancellationToken">Stops counting.</param>
    /// <returns>0 for a model that runs here; <see langword="null"/> when the price is not known.</returns>
    Task<decimal?> EstimateCostAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default) =>
        Task.FromResult<decimal?>(0);
}
