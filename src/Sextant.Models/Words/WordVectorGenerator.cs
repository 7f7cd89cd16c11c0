using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Models.Words;

/// <summary>Word vectors as an embedding generator. Thread-safe; disposing it does nothing.</summary>
internal sealed class WordVectorGenerator(WordVectorFile words, ModelProfile profile) : IEmbeddingGenerator<string, Embedding<float>>
{
    private static readonly EmbeddingLimits Limits = new()
    {
        MaxTexts = 1 << 14,
        AcceptsEmptyText = true,
        UseFileCache = false,
    };

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        cancellationToken.ThrowIfCancellationRequested();
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        long tokens = 0;
        foreach (string text in values)
        {
            float[] vector = new float[words.Dimensions];
            tokens += words.Embed(text, vector);
            embeddings.Add(new Embedding<float>(vector) { ModelId = profile.Name });
        }

        embeddings.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return Task.FromResult(embeddings);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ModelProfile) ? profile
            : serviceType == typeof(EmbeddingLimits) ? Limits
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose() { }
}
