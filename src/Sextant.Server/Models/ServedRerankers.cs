using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Server.Http;

namespace Sextant.Server.Models;

/// <summary>
/// The rerankers that searches may name: those that the operator chose for this alone, and every embedding model that is served. Each is
/// opened
/// once and shared by all collections.
/// </summary>
internal sealed class ServedRerankers : IDisposable
{
    private const string LocalProvider = "onnx";

    private readonly ServedModels _models;
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private readonly OpenedOnce<string, ServedReranker> _open;

    public ServedRerankers(ServerOptions options, ServedModels models)
    {
        _models = models;
        _open = new(OpenAsync);
        foreach (string setting in options.Rerankers.Distinct(StringComparer.Ordinal))
        {
            string name = ModelName.Public(setting);
            string? there = _settings.GetValueOrDefault(name) ?? models.FindSetting(name);
            if (there is not null && there != setting)
                throw new InputException($"{there} and {setting} have the same name '{name}' for clients; rename one of the folders");
            _settings[name] = setting;
        }

        Own = [.. _settings.Keys];
        Names = [.. Own.Union(models.Names, StringComparer.Ordinal)];
    }

    /// <summary>Those that were chosen for reranking.</summary>
    public IReadOnlyList<string> Own { get; }

    /// <summary>All that searches may name.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those that are open now.</summary>
    public IEnumerable<ServedReranker> Opened => _open.Opened;

    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="param">The part of the request that holds the name.</param>
    /// <exception cref="ServiceException">No client may name this one.</exception>
    public Task<ServedReranker> GetAsync(string name, CancellationToken cancellationToken, string param = "rerank")
    {
        string? setting = _settings.GetValueOrDefault(name) ?? (_settings.ContainsValue(name) ? name : _models.FindSetting(name));
        return setting is null ? throw ServiceException.NoModel(name, param) : _open.GetAsync(setting, cancellationToken);
    }

    public void Dispose()
    {
        foreach (ServedReranker reranker in Opened)
            reranker.Dispose();
    }

    // An embedding model is the same that the collections and the embeddings route use, queue and cache included.
    private async Task<ServedReranker> OpenAsync(string setting)
    {
        string name = ModelName.Public(setting);
        if (await _models.Registry.OpenCrossEncoderAsync(setting) is { } reranker)
            return new(name, reranker, takesTurns: reranker.Profile.Provider == LocalProvider, _models.Ledger);
        IEmbeddingGenerator<string, Embedding<float>> model = await _models.Registry.OpenWithoutPipelineAsync(setting);
        EmbeddingPipelineOptions pipeline = _models.Pipeline with { Overflow = OverflowPolicy.Chunk };
        return new(name, new EmbeddingReranker(EmbeddingPipeline.Wrap(model, pipeline)), takesTurns: false, ledger: null);
    }
}
