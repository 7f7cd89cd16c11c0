using Microsoft.Extensions.AI;

namespace Sextant.Embedding.Pipeline;

/// <summary>A step of the pipeline: a generator around a generator that sees its texts as a list and is never asked for none.</summary>
internal abstract class EmbeddingLayer(IEmbeddingGenerator<string, Embedding<float>> inner)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public sealed override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<GeneratedEmbeddings<Embedding<float>>>(cancellationToken);
        }

        IReadOnlyList<string> texts = values as IReadOnlyList<string> ?? [.. values];
        return texts.Count == 0
            ? Task.FromResult(new GeneratedEmbeddings<Embedding<float>> { Usage = NoUsage() })
            : GenerateAsync(texts, options, cancellationToken);
    }

    /// <summary>Embeds at least one text.</summary>
    protected abstract Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    );

    /// <summary>Calls the next generator, and verifies that it returns one vector per text.</summary>
    protected async Task<GeneratedEmbeddings<Embedding<float>>> AskAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        GeneratedEmbeddings<Embedding<float>> generated = await InnerGenerator
            .GenerateAsync(texts, options, cancellationToken)
            .ConfigureAwait(false);
        return generated.Count == texts.Count
            ? generated
            : throw new SextantException($"the model returned {generated.Count} vectors for {texts.Count} texts");
    }

    /// <summary>A sum that nothing was added to.</summary>
    protected static UsageDetails NoUsage() => new() { InputTokenCount = 0, TotalTokenCount = 0 };

    /// <summary>The same usage and notes around other vectors.</summary>
    protected static GeneratedEmbeddings<Embedding<float>> With(
        GeneratedEmbeddings<Embedding<float>> generated,
        IEnumerable<Embedding<float>> embeddings
    ) => new(embeddings) { Usage = generated.Usage, AdditionalProperties = generated.AdditionalProperties };
}
