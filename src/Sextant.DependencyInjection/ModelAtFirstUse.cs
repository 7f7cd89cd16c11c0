using Microsoft.Extensions.AI;

namespace Sextant;

/// <summary>
/// A model that is opened when it is first used, because a container makes its services at once and a model may have to be fetched.
/// Until then it offers nothing but itself.
/// </summary>
internal sealed class ModelAtFirstUse(Func<Task<IEmbeddingGenerator<string, Embedding<float>>>> open)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly Lock _lock = new();
    private Task<IEmbeddingGenerator<string, Embedding<float>>>? _model;

    /// <summary>Opens it, unless it is open; one that could not be opened is tried again.</summary>
    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_model is null or { IsFaulted: true } or { IsCanceled: true })
                _model = Task.Run(open, CancellationToken.None);
            return _model.WaitAsync(cancellationToken);
        }
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        IEmbeddingGenerator<string, Embedding<float>> model = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await model.GenerateAsync(values, options, cancellationToken).ConfigureAwait(false);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is null && serviceType.IsInstanceOfType(this))
            return this;
        return _model is { IsCompletedSuccessfully: true } open ? open.Result.GetService(serviceType, serviceKey) : null;
    }

    public void Dispose()
    {
        if (_model is { IsCompletedSuccessfully: true } open)
            open.Result.Dispose();
    }
}
