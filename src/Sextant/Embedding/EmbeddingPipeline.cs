using Microsoft.Extensions.AI;

namespace Sextant.Embedding;

/// <summary>What stands between a caller and a model, the same for a built-in, a local and a hosted one.</summary>
public static class EmbeddingPipeline
{
    /// <summary>Wraps <paramref name="model"/>, which is disposed with the result.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> Wrap(
        IEmbeddingGenerator<string, Embedding<float>> model, EmbeddingPipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _ = options;
        return model;
    }
}
