using Microsoft.Extensions.AI;

namespace Sextant.Embedding.Pipeline;

/// <summary>Applies an adapter to every vector, and returns the adapted model's profile to callers.</summary>
internal sealed class AdaptingEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner,
    IVectorAdapter adapter,
    ModelProfile profile
) : EmbeddingLayer(inner)
{
    private readonly ModelProfile _adapted = adapter.Describe(profile);

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ModelProfile) && serviceKey is null ? _adapted : base.GetService(serviceType, serviceKey);

    protected override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        GeneratedEmbeddings<Embedding<float>> generated = await AskAsync(texts, options, cancellationToken).ConfigureAwait(false);
        EmbeddingRole role = options.GetRole();
        return With(
            generated,
            [
                .. generated.Select(embedding => new Embedding<float>(adapter.Apply(embedding.Vector.Span, role))
                {
                    ModelId = embedding.ModelId,
                    CreatedAt = embedding.CreatedAt,
                }),
            ]
        );
    }
}
