using Microsoft.Extensions.AI;
using Sextant.Models;

namespace Sextant.Search.VectorData;

/// <summary>Stands for the model of vectors that come from elsewhere: it knows their length and embeds nothing.</summary>
internal sealed class GivenVectors(int dimensions) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly ModelProfile _profile = new() { Name = "given", Provider = "vectordata", Dimensions = dimensions };

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new InputException("this collection's vectors come from elsewhere: give a vector with each record and search, or name a model when it is made");

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ModelProfile) ? _profile : null;

    public void Dispose() { }
}
