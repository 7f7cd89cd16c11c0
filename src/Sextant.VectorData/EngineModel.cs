using Microsoft.Extensions.AI;

namespace Sextant.VectorData;

/// <summary>
/// Stands for the model of the collection's engine where a definition names no generator. Texts are given to the engine, so nothing is
/// embedded here.
/// </summary>
internal sealed class EngineModel : IEmbeddingGenerator<string, Embedding<float>>
{
    public static EngineModel Instance { get; } = new();

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => throw new InvalidOperationException("the engine of the collection embeds its texts");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
