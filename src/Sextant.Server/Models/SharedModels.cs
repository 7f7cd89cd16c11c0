using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Sextant.Models;
using Sextant.Models.Static;

namespace Sextant.Server.Models;

/// <summary>
/// Opens each model once for the whole service, whoever asks for it: the embeddings route and every collection stand before the same
/// queue. A static model sums a text in microseconds on the caller's thread and gains nothing from company, so it has no queue.
/// </summary>
internal sealed class SharedModels(ModelRegistry registry) : IModelProvider, IDisposable
{
    private readonly ConcurrentDictionary<(string Name, int? Dimensions), Lazy<Task<IEmbeddingGenerator<string, Embedding<float>>>>> _models = new();

    /// <summary>How many requests wait before models.</summary>
    public int Waiting => _models.Values
        .Where(model => model.IsValueCreated && model.Value.IsCompletedSuccessfully)
        .Sum(model => model.Value.Result is CoalescingGenerator queue ? queue.Waiting : 0);

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
            return new Borrowed(await opening.Value.WaitAsync(cancellationToken));
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
        foreach (var model in _models.Values)
            if (model.IsValueCreated && model.Value.IsCompletedSuccessfully) model.Value.Result.Dispose();
    }

    private async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenModelAsync(string name, int? dimensions)
    {
        IEmbeddingGenerator<string, Embedding<float>> model = await registry.OpenModelAsync(name, dimensions, CancellationToken.None);
        return model.GetService<StaticEmbeddingGenerator>() is null ? new CoalescingGenerator(new OpenTelemetryEmbeddingGenerator<string, Embedding<float>>(model)) : model;
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
