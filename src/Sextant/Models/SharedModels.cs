using Microsoft.Extensions.AI;

namespace Sextant.Models;

/// <summary>Opens each model once, whoever asks for it: the collections of a program that use the same model have it in memory once.</summary>
/// <param name="registry">Opens the models.</param>
/// <param name="around">Wraps each model that is opened; as it is when <see langword="null"/>.</param>
internal sealed class SharedModels(
    ModelRegistry registry, Func<IEmbeddingGenerator<string, Embedding<float>>, IEmbeddingGenerator<string, Embedding<float>>>? around = null) : IModelProvider, IDisposable
{
    private readonly OpenedOnce<(string Name, int? Dimensions), IEmbeddingGenerator<string, Embedding<float>>> _models = new(async asked =>
    {
        IEmbeddingGenerator<string, Embedding<float>> model = await registry.OpenModelAsync(asked.Name, asked.Dimensions, CancellationToken.None).ConfigureAwait(false);
        return around is null ? model : around(model);
    });

    /// <summary>Those that are open now.</summary>
    public IEnumerable<IEmbeddingGenerator<string, Embedding<float>>> Opened => _models.Opened;

    public bool Handles(string name) => true;

    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        OpenAsync(name, null, cancellationToken);

    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name, int? dimensions, CancellationToken cancellationToken = default) =>
        new Borrowed(await _models.GetAsync((name, dimensions), cancellationToken).ConfigureAwait(false));

    public void Dispose()
    {
        foreach (IEmbeddingGenerator<string, Embedding<float>> model in Opened) model.Dispose();
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
