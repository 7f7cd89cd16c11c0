using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Tokenizers;

namespace Sextant.Onnx.Inference;

/// <summary>A <see cref="TextEncoder"/> as an embedding generator. Thread-safe: callers share the graph and are batched together.</summary>
internal sealed class OnnxEmbeddingGenerator(TextEncoder encoder, ModelProfile profile) : IEmbeddingGenerator<string, Embedding<float>>
{
    // Enough for several batches of like length, and little enough that the cache is written every few seconds.
    private static readonly EmbeddingLimits Limits = new()
    {
        MaxTexts = 512,
        MaxTokens = 8 * BatchPlan.TokenBudget,
        // The next request is tokenized and waiting when the graph has done with one.
        MaxConcurrency = 2,
        AcceptsEmptyText = true,
    };

    private readonly SharedGraph _shared = new(encoder.Run, encoder.MaxTexts);
    private readonly EmbeddingGeneratorMetadata _metadata = new(profile.Provider, null, profile.Name, profile.Dimensions);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        cancellationToken.ThrowIfCancellationRequested();
        string prompt = profile.PromptFor(options.GetRole());
        // The caller may be a user interface's thread.
        EncodedText[] texts = await Task.Run(() => Tokenize(values, prompt), cancellationToken).ConfigureAwait(false);
        await _shared.RunAsync(texts, cancellationToken).ConfigureAwait(false);
        long tokens = texts.Sum(static text => (long)text.Ids.Length);
        return new(texts.Select(text => new Embedding<float>(text.Vector) { ModelId = profile.Name }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ModelProfile) ? profile
            : serviceType == typeof(ITokenCounter) ? encoder.Counter
            : serviceType == typeof(EmbeddingLimits) ? Limits
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        _shared.Dispose();
        encoder.Dispose();
    }

    private EncodedText[] Tokenize(IEnumerable<string> values, string prompt) =>
        [
            .. values.Select(
                (text, i) => encoder.Tokenize(text ?? throw new ArgumentException($"Text {i} is null.", nameof(values)), prompt)
            ),
        ];
}
