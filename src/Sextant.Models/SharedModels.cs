using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Models;

/// <summary>
/// Opens each model once: the collections of a program that use the same model share it in memory. Make a <see cref="ModelRegistry"/> of it
/// alone
/// for them. Thread-safe.
/// </summary>
/// <remarks>Disposing a shared model does nothing; all are disposed with this provider.</remarks>
/// <param name="registry">Opens the models.</param>
/// <param name="around">Wraps each embedding model that is opened; none when <see langword="null"/>.</param>
public sealed class SharedModels(
    ModelRegistry registry,
    Func<IEmbeddingGenerator<string, Embedding<float>>, IEmbeddingGenerator<string, Embedding<float>>>? around = null
) : IModelProvider, IDisposable
{
    private readonly OpenedOnce<(string Name, int? Dimensions), IEmbeddingGenerator<string, Embedding<float>>> _models = new(async asked =>
    {
        IEmbeddingGenerator<string, Embedding<float>> model = await registry
            .OpenWithoutPipelineAsync(asked.Name, asked.Dimensions, CancellationToken.None)
            .ConfigureAwait(false);
        return around is null ? model : around(model);
    });

    private readonly OpenedOnce<string, IReranker?> _rerankers = new(name => registry.OpenCrossEncoderAsync(name));

    /// <summary>The embedding models that are open now.</summary>
    public IEnumerable<IEmbeddingGenerator<string, Embedding<float>>> Opened => _models.Opened;

    /// <inheritdoc/>
    public bool Handles(string name) => true;

    /// <inheritdoc/>
    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        OpenAsync(name, null, cancellationToken);

    /// <inheritdoc/>
    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name,
        int? dimensions,
        CancellationToken cancellationToken = default
    ) => new Borrowed(await _models.GetAsync((name, dimensions), cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<IReranker?> OpenRerankerAsync(string name, CancellationToken cancellationToken = default) =>
        await _rerankers.GetAsync(name, cancellationToken).ConfigureAwait(false) is { } shared ? new BorrowedReranker(shared) : null;

    /// <summary>Disposes all models.</summary>
    public void Dispose()
    {
        foreach (IEmbeddingGenerator<string, Embedding<float>> model in Opened)
            model.Dispose();
        foreach (IReranker? reranker in _rerankers.Opened)
            reranker?.Dispose();
    }

    /// <summary>A shared model in the hands of one pipeline, which disposes what it was given.</summary>
    private sealed class Borrowed(IEmbeddingGenerator<string, Embedding<float>> shared)
        : DelegatingEmbeddingGenerator<string, Embedding<float>>(shared)
    {
#pragma warning disable CA2215 // The shared model outlives this hand; the base would dispose it.
        protected override void Dispose(bool disposing)
#pragma warning restore CA2215
        { }
    }

    /// <summary>A shared reranker in the hands of one collection, which disposes what it opened.</summary>
    private sealed class BorrowedReranker(IReranker shared) : IReranker
    {
        public RerankerProfile Profile => shared.Profile;

        public Task<IReadOnlyList<float>> ScoreAsync(
            string query,
            IReadOnlyList<string> documents,
            CancellationToken cancellationToken = default
        ) => shared.ScoreAsync(query, documents, cancellationToken);

        public Task<decimal?> EstimateCostAsync(
            string query,
            IReadOnlyList<string> documents,
            CancellationToken cancellationToken = default
        ) => shared.EstimateCostAsync(query, documents, cancellationToken);

        public void Dispose() { }
    }
}
