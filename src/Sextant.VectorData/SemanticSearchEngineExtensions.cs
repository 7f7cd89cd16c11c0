using Microsoft.Extensions.VectorData;

namespace Sextant.VectorData;

/// <summary>A search engine over any store that has a <c>Microsoft.Extensions.VectorData</c> connector.</summary>
public static class SemanticSearchEngineExtensions
{
    extension(SemanticSearchEngine)
    {
        /// <summary>
        /// Opens the collection called <paramref name="name"/> in any vector store that has a <c>Microsoft.Extensions.VectorData</c> connector,
        /// and makes it first when it is not there. Filters and words are then looked at here and not by the store: see docs/scaling.md.
        /// </summary>
        /// <param name="store">Stays the caller's to dispose.</param>
        /// <param name="name">The collection's name there; a second one, which ends in <c>-sextant</c>, is kept beside it.</param>
        /// <param name="options">The defaults when <see langword="null"/>.</param>
        /// <param name="cancellationToken">Stops opening.</param>
        /// <exception cref="InputException">
        /// There is no collection and none may be made; or it was made with another model than the one named.
        /// </exception>
        public static Task<SemanticSearchEngine> OpenAsync(
            VectorStore store, string name, SemanticSearchEngineOptions? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(store);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return SemanticSearchEngine.OpenAsync(new VectorDataPlace(store, name), options ?? new(), null, cancellationToken);
        }
    }
}
