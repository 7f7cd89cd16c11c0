using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.Training.Adapters;

/// <summary>
/// Opens folders that <see cref="AdapterTrainer"/> wrote: the model that the adapter names, with the adapter applied to its output. The
/// model's own output is cached under its own name, so an adapted model reuses texts that were embedded, and paid for, without the adapter.
/// </summary>
/// <param name="models">Opens the models that adapters name.</param>
public sealed class AdapterModelProvider(ModelRegistry models) : IModelProvider
{
    /// <inheritdoc />
    public bool Handles(string name) => File.Exists(Path.Combine(name, AdapterTrainer.FileName));

    /// <inheritdoc />
    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        var adapter = EmbeddingAdapter.Load(Path.Combine(name, AdapterTrainer.FileName));
        IEmbeddingGenerator<string, Embedding<float>> model = await models
            .OpenWithoutPipelineAsync(adapter.BaseModel, dimensions: null, cancellationToken)
            .ConfigureAwait(false);
        return new AdaptedModel(model, adapter);
    }

    /// <summary>A model that brings its adapter along, for the pipeline to put behind the cache.</summary>
    private sealed class AdaptedModel(IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingAdapter adapter)
        : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
    {
        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceKey is null && serviceType == typeof(IVectorAdapter) ? adapter : base.GetService(serviceType, serviceKey);
    }
}
