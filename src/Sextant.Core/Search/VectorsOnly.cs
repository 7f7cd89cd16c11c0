using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Search;

/// <summary>
/// The generator of a collection whose vectors have no known model: embedding a text throws an error that names this reason.
/// </summary>
internal sealed class VectorsOnly(ModelProfile profile) : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string Provider = "none";

    public static ModelProfile Profile(int dimensions) =>
        new()
        {
            Name = "vectors",
            Provider = Provider,
            Dimensions = dimensions,
            Pooling = "none",
        };

    public static bool Is(ModelProfile profile) => profile.Provider == Provider;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        throw new InputException("this collection has vectors only, and their model is unknown: name that model to use texts")
        {
            RelatedOptions = [nameof(SemanticSearchEngineOptions.Model)],
        };

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ModelProfile) ? profile
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { }
}
