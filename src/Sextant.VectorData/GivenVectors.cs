using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.VectorData;

/// <summary>Stands for the model of vectors that come from elsewhere: it knows their length and embeds nothing.</summary>
internal sealed class GivenVectors(int dimensions) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The provider that the manifest of such a collection names.</summary>
    public const string Provider = "vectordata";

    private readonly ModelProfile _profile = new()
    {
        Name = "given",
        Provider = Provider,
        Dimensions = dimensions,
    };

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        throw new InputException(
            "this collection has no model to embed texts; pass a vector with each record and search, "
                + "or create the collection with a model or with a vector property of type string"
        );

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ModelProfile) ? _profile : null;

    public void Dispose() { }
}
