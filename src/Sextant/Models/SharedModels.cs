using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Sextant.Models;

/// <summary>Opens each model once, whoever asks for it: the collections of a program that use the same model have it in memory once.</summary>
/// <param name="registry">Opens the models.</param>
/// <param name="around">Wraps each model that is opened; as it is when <see langword="null"/>.</param>
internal sealed class SharedModels(
    ModelRegistry registry, Func<IEmbeddingGenerator<string, Embedding<float>>, IEmbeddingGenerator<string, Embedding<float>>>? around = null) : IModelProvider, IDisposable
{
    private readonly ConcurrentDictionary<(string Name, int? Dimensions), Lazy<Task<IEmbeddingGenerator<string, Embedding<float>>>>> _models = new();

    /// <summary>Those that are open now.</summary>
    public IEnumerable<IEmbeddingGenerator<string, Embedding<float>>> Opened => _models.Values
        .Where(model => model.IsValueCreated && model.Value.IsCompletedSuccessfully)
        .Select(model => model.Value.Result);

    public bool Handles(string name) => true;

    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        OpenAsync(name, null, cancellationToken);

    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name, int? dimensions, CancellationToken cancellationToken = default)
    {
        var key = (name, dimensions);
        var opening = _models.GetOrAdd(key, static (asked, shared) => new(() => shared.OpenModelAsync(asked.Name, asked.Dimensions)), this);
        try
        {
            return new Borrowed(await opening.Value.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What was missing may be there the next time.
            _models.TryRemove(new(key, opening));
            throw;
        }
    }

    public void Dispose()
    {
        foreach (IEmbeddingGenerator<string, Embedding<float>> model in Opened) model.Dispose();
    }

    private async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenModelAsync(string name, int? dimensions)
    {
        IEmbeddingGenerator<string, Embedding<float>> model = await registry.OpenModelAsync(name, dimensions, CancellationToken.None).ConfigureAwait(false);
        return around is null ? model : around(model);
    }

    /// <summary>A shared model in the hands of one pipeline, which disposes what it was given.</summary>
    private sealed class Borrowed(IEmbeddingGenerator<string, Embedding<float>> shared)
        : DelegatingEmbeddingGenerator<string, Embedding<float>>(shared)
    {
#pragma warning disable CA2215 // The shared model outlives this hand; the base would dispose it.
        protected override void Dispose(bool disposing)
#pragma warning restore CA2215
        {
        }
    }
}
