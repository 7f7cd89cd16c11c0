using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Sextant.Embedding.Pipeline;

namespace Sextant.Embedding.Caching;

/// <summary>
/// Keeps every vector that a model gives. It stands between the batches and the model, so that what one batch brought is on disk before
/// the next one ends: a run that dies has lost one batch, not all.
/// </summary>
internal sealed class CacheWritingEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner,
    IEmbeddingCache cache,
    ModelProfile profile
) : EmbeddingLayer(inner)
{
    protected override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        GeneratedEmbeddings<Embedding<float>> generated = await AskAsync(texts, options, cancellationToken).ConfigureAwait(false);
        byte[] prefix = CacheKey.Prefix(profile.Fingerprint, options.GetRole());
        var entries = new List<KeyValuePair<CacheKey, ReadOnlyMemory<float>>>(texts.Count);
        for (int i = 0; i < texts.Count; i++)
        {
            // A vector that the pipeline will reject must not be cached.
            if (generated[i].Vector.Length == profile.Dimensions && TensorPrimitives.IsFiniteAll<float>(generated[i].Vector.Span))
            {
                entries.Add(new(CacheKey.Compute(prefix, texts[i]), generated[i].Vector));
            }
        }

        cache.Write(profile.Fingerprint, entries);
        return generated;
    }
}
