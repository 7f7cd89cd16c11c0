using System.Globalization;
using Microsoft.Extensions.AI;
using Sextant.Numerics;
using Sextant.Tokenizers;

namespace Sextant.Embedding;

/// <summary>
/// Any embedding model as a reranker: the cosine similarity of the query and each document. Through the pipeline's cache a document is
/// embedded
/// when it is a candidate for the first time and never again.
/// </summary>
public sealed class EmbeddingReranker : IReranker
{
    private readonly IEmbeddingGenerator<string, Embedding<float>> _model;
    private readonly Func<CancellationToken, Task<EmbeddingCostEstimator>>? _estimate;

    /// <summary>Makes a reranker of <paramref name="model"/>, which is disposed with it.</summary>
    /// <param name="model">An embedding model; one without a pipeline gets <see cref="EmbeddingPipeline"/> with its defaults.</param>
    public EmbeddingReranker(IEmbeddingGenerator<string, Embedding<float>> model)
        : this(model, null) { }

    /// <summary>Makes a reranker of <paramref name="model"/>, which is disposed with it, and estimates its cost.</summary>
    /// <param name="model">An embedding model; one without a pipeline gets <see cref="EmbeddingPipeline"/> with its defaults.</param>
    /// <param name="estimate">Opens an estimator of the same model, for the cost of texts that are not in the cache.</param>
    public EmbeddingReranker(
        IEmbeddingGenerator<string, Embedding<float>> model,
        Func<CancellationToken, Task<EmbeddingCostEstimator>>? estimate
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = EmbeddingPipeline.IsWrapped(model) ? model : EmbeddingPipeline.Wrap(model);
        _estimate = estimate;
        ModelProfile? profile = _model.GetService<ModelProfile>();
        EmbeddingGeneratorMetadata? metadata = _model.GetService<EmbeddingGeneratorMetadata>();
        Profile = new RerankerProfile
        {
            Name = profile?.Name ?? metadata?.DefaultModelId ?? model.GetType().Name,
            Provider = profile?.Provider ?? metadata?.ProviderName ?? "custom",
            ScoreKind = ScoreKind.Cosine,
        };
    }

    /// <inheritdoc />
    public RerankerProfile Profile { get; }

    /// <inheritdoc />
    public async Task<IReadOnlyList<float>> ScoreAsync(
        string query,
        IReadOnlyList<string> documents,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(documents);
        if (documents.Count == 0)
            return [];
        float[] asked = (await EmbedAsync([query], EmbeddingRole.Query, cancellationToken).ConfigureAwait(false))[0];
        float[][] vectors = await EmbedAsync(documents, EmbeddingRole.Document, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(vectors, vector => VectorMath.ClampCosine(VectorMath.Dot(asked, vector)));
    }

    /// <inheritdoc />
    public async Task<decimal?> EstimateCostAsync(
        string query,
        IReadOnlyList<string> documents,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(documents);
        if (_model.GetService<ModelPrice>() is not { } price)
            return 0;
        if (price.UsdPerMillionTokens is not { } usd)
            return null;
        if (_estimate is null)
        {
            // Nothing says what the cache holds: all of them at most.
            return _model.GetService<ITokenCounter>() is { } counter
                ? documents.Prepend(query).Sum(text => (long)counter.Count(text)) * usd / 1_000_000m
                : null;
        }

        using EmbeddingCostEstimator estimator = await _estimate(cancellationToken).ConfigureAwait(false);
        await estimator.AddAsync([query], EmbeddingRole.Query, cancellationToken).ConfigureAwait(false);
        await estimator.AddAsync(documents, EmbeddingRole.Document, cancellationToken).ConfigureAwait(false);
        return estimator.Total.Usd;
    }

    /// <inheritdoc />
    public void Dispose() => _model.Dispose();

    private async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, EmbeddingRole role, CancellationToken cancellationToken)
    {
        GeneratedEmbeddings<Embedding<float>> embeddings = await _model
            .GenerateAsync(texts, new EmbeddingGenerationOptions().WithRole(role), cancellationToken)
            .ConfigureAwait(false);
        if (embeddings.Count != texts.Count)
        {
            throw new SextantException(
                string.Create(CultureInfo.InvariantCulture, $"{Profile.Name} returned {embeddings.Count} vectors for {texts.Count} texts")
            );
        }

        return
        [
            .. embeddings.Select(static e =>
            {
                float[] unit = e.Vector.ToArray();
                VectorMath.Normalize(unit);
                return unit;
            }),
        ];
    }
}
