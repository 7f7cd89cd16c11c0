using Microsoft.Extensions.AI;
using Sextant.Embedding.Pipeline;
using Sextant.Tokenizers;

namespace Sextant.Embedding;

/// <summary>
/// Estimates the cost of texts before any request is sent: they pass through the same pipeline that would embed them (prompts, the policy
/// for long texts, the cache, batching), and its output is counted instead of sent.
/// </summary>
public sealed class EmbeddingCostEstimator : IDisposable
{
    private readonly IEmbeddingGenerator<string, Embedding<float>> _model;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _pipeline;
    private readonly CountingEmbeddingGenerator _counting;
    private readonly string _name;
    private long _texts;

    /// <summary>
    /// Counts the texts that would be sent to <paramref name="model"/>; <c>ModelRegistry.OpenCostEstimatorAsync</c> opens an estimator by
    /// model name.
    /// </summary>
    /// <param name="model">The model without a pipeline; disposed with the estimator. Open a hosted model for counting only.</param>
    /// <param name="name">The model's name in <see cref="Total"/>.</param>
    /// <param name="options">The options of the pipeline that would embed the texts; the defaults when <see langword="null"/>.</param>
    public EmbeddingCostEstimator(
        IEmbeddingGenerator<string, Embedding<float>> model,
        string name,
        EmbeddingPipelineOptions? options = null
    )
    {
        (_model, _name) = (model, name);
        _counting = new CountingEmbeddingGenerator(model);
        _pipeline = EmbeddingPipeline.WrapToCount(_counting, options ?? new());
    }

    /// <summary>How the model counts tokens, where it says.</summary>
    public ITokenCounter? Counter => _model.GetService<ITokenCounter>();

    /// <summary>The profile of the model, if it has one.</summary>
    public ModelProfile? Profile => _model.GetService<ModelProfile>();

    /// <summary>Whether the model is one that is paid for, known or not how much.</summary>
    public bool IsPaidFor => _model.GetService<ModelPrice>() is not null;

    /// <summary>The estimated cost of all texts added so far.</summary>
    public EmbeddingCost Total
    {
        get
        {
            decimal? price = _model.GetService<ModelPrice>() is { } asked ? asked.UsdPerMillionTokens : 0;
            (long tokens, long requests) = _counting.Counted;
            return new EmbeddingCost(_name, _texts, tokens, requests, tokens * price / 1_000_000m, Counter?.IsExact == true);
        }
    }

    /// <summary>Adds texts as one request to the pipeline would embed them.</summary>
    /// <exception cref="InputException">A text is too long for the model, and the policy rejects such texts.</exception>
    public async Task AddAsync(IReadOnlyList<string> texts, EmbeddingRole role, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _texts += texts.Count;
        await _pipeline.GenerateAsync(texts, new EmbeddingGenerationOptions().WithRole(role), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose() => _pipeline.Dispose();
}
