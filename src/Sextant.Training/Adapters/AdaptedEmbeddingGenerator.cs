using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Training.Adapters;

/// <summary>
/// A model with an adapter over it. Around a model's pipeline it maps what comes out, cache included, so that tuning again costs
/// no new embeddings. With an adapter for queries alone the space, and so the fingerprint, stays the model's own.
/// </summary>
public sealed class AdaptedEmbeddingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private readonly IVectorAdapter _adapter;
    private readonly ModelProfile? _profile;

    /// <summary>Applies an adapter to a model, which is disposed with this generator.</summary>
    /// <exception cref="InputException">The adapter was trained over another model.</exception>
    public AdaptedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingAdapter adapter)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        _adapter = adapter;
        _profile = inner.GetService(typeof(ModelProfile)) is ModelProfile profile ? _adapter.Describe(profile) : null;
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType == typeof(ModelProfile) && _profile is not null ? _profile : base.GetService(serviceType, serviceKey);
    }

    /// <inheritdoc />
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        GeneratedEmbeddings<Embedding<float>> generated = await base.GenerateAsync(values, options, cancellationToken)
            .ConfigureAwait(false);
        EmbeddingRole role = options.GetRole();
        return new(
            generated.Select(embedding => new Embedding<float>(_adapter.Apply(embedding.Vector.Span, role)) { ModelId = embedding.ModelId })
        )
        {
            Usage = generated.Usage,
            AdditionalProperties = generated.AdditionalProperties,
        };
    }
}
