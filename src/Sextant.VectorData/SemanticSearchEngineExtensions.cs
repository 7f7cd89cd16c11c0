using Microsoft.Extensions.VectorData;

namespace Sextant.VectorData;

/// <summary>A search engine over any store that has a <c>Microsoft.Extensions.VectorData</c> connector.</summary>
public static class SemanticSearchEngineExtensions
{
    extension(SemanticSearchEngine)
    {
        /// <summary>
        /// Opens the collection called <paramref name="name"/> in any vector store that has a <c>Microsoft.Extensions.VectorData</c>
        /// connector, and creates it if missing. Filters and keyword search then run here instead of in the store: see docs/scaling.md.
        /// </summary>
        /// <param name="store">The store; the caller disposes it.</param>
        /// <param name="name">
        /// The collection's name in the store; a second collection, with the suffix <c>-sextant</c>, is created with it.
        /// </param>
        /// <param name="options">The defaults when <see langword="null"/>.</param>
        /// <param name="cancellationToken">Cancels opening.</param>
        /// <exception cref="InputException">
        /// The collection does not exist and may not be created; or it was created with a different model.
        /// </exception>
        public static Task<SemanticSearchEngine> OpenAsync(
            VectorStore store,
            string name,
            SemanticSearchEngineOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            ArgumentNullException.ThrowIfNull(store);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return SemanticSearchEngine.OpenAsync(new VectorDataLocation(store, name), options, model: null, cancellationToken);
        }
    }
}
