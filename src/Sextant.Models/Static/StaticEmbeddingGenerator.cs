using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Tokenizers;

namespace Sextant.Models.Static;

/// <summary>
/// A <see cref="StaticEmbeddingModel"/> as an embedding generator. Small requests are answered on the caller's thread,
/// large ones on every core. Thread-safe; disposing it does nothing, since the model may be shared.
/// </summary>
internal sealed class StaticEmbeddingGenerator(StaticEmbeddingModel model, ModelProfile profile)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The number of texts per work item of a thread; about 3 ms of work, so that cancellation takes effect immediately.</summary>
    private const int SliceLength = 1024;

    // No request is too large; its size only decides how soon a stop is felt. Looking a vector up in a file takes longer than computing it.
    private static readonly EmbeddingLimits Limits = new()
    {
        MaxTexts = 1 << 14,
        AcceptsEmptyText = true,
        UseFileCache = false,
    };

    private readonly EmbeddingGeneratorMetadata _metadata = new(profile.Provider, null, profile.Name, profile.Dimensions);

    public StaticEmbeddingModel Model => model;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<string> texts = values as IReadOnlyList<string> ?? [.. values];
        var embeddings = new Embedding<float>[texts.Count];
        long tokens = 0;
        if (texts.Count <= SliceLength)
        {
            tokens = EmbedSlice(texts, 0, embeddings);
        }
        else
        {
            await Parallel
                .ForAsync(
                    0,
                    (texts.Count + SliceLength - 1) / SliceLength,
                    cancellationToken,
                    (slice, _) =>
                    {
                        Interlocked.Add(ref tokens, EmbedSlice(texts, slice * SliceLength, embeddings));
                        return ValueTask.CompletedTask;
                    }
                )
                .ConfigureAwait(false);
        }

        return new GeneratedEmbeddings<Embedding<float>>(embeddings)
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ModelProfile) ? profile
            : serviceType == typeof(ITokenCounter) ? model.Tokenizer
            : serviceType == typeof(StaticEmbeddingModel) ? model
            : serviceType == typeof(EmbeddingLimits) ? Limits
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose() { }

    private long EmbedSlice(IReadOnlyList<string> texts, int start, Embedding<float>[] embeddings)
    {
        var ids = new List<int>(64);
        long tokens = 0;
        for (int i = start; i < Math.Min(start + SliceLength, embeddings.Length); i++)
        {
            string text = texts[i] ?? throw new ArgumentException($"Text {i} is null.", nameof(texts));
            float[] vector = GC.AllocateUninitializedArray<float>(model.Dimensions);
            tokens += model.Embed(text, ids, vector);
            embeddings[i] = new Embedding<float>(vector) { ModelId = profile.Name };
        }

        return tokens;
    }
}
