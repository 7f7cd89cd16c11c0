using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.Training.Adapters;

/// <summary>
/// A model with an adapter over it. Goes around the whole pipeline, cache included, so that tuning again costs no new embeddings.
/// With an adapter for queries alone the space, and so the fingerprint, stays the model's own.
/// </summary>
public sealed class AdaptedEmbeddingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private readonly LinearAdapter _adapter;
    private readonly ModelProfile? _profile;

    /// <summary>Puts the adapter over the model, which is disposed with it.</summary>
    /// <exception cref="InputException">The adapter was trained over another model.</exception>
    public AdaptedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, LinearAdapter adapter) : base(inner)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        (_adapter, _profile) = (adapter, inner.GetService(typeof(ModelProfile)) as ModelProfile);
        if (_profile is not null && _profile.Fingerprint != adapter.Model)
        {
            throw new InputException($"the adapter was trained over {adapter.Model}, not over {_profile.Fingerprint}");
        }
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType == typeof(ModelProfile) && _profile is not null && !_adapter.QueriesOnly
            ? _profile with { Revision = $"{_profile.Revision}+{_adapter.Revision}", Normalized = true, MatryoshkaDimensions = [] }
            : base.GetService(serviceType, serviceKey);
    }

    /// <inheritdoc />
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        GeneratedEmbeddings<Embedding<float>> generated = await base.GenerateAsync(values, options, cancellationToken).ConfigureAwait(false);
        return _adapter.QueriesOnly && options.GetRole() != EmbeddingRole.Query
            ? generated
            : new(generated.Select(embedding => new Embedding<float>(_adapter.Apply(embedding.Vector.Span)) { ModelId = embedding.ModelId }))
            {
                Usage = generated.Usage,
                AdditionalProperties = generated.AdditionalProperties,
            };
    }
}
