using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Models.Static;
using Sextant.Server.Http;
using Sextant.Server.Usage;

namespace Sextant.Server.Models;

/// <summary>
/// The models that clients may name, and no others: a name can be a folder of this machine, a download or another server's address,
/// and choosing those is the operator's right.
/// </summary>
internal sealed class ServedModels : IDisposable
{
    private readonly ILoggerFactory _logs;
    private readonly SharedModels _shared;
    private readonly OpenedOnce<string, ServedModel> _open;
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);

    public ServedModels(ServerOptions options, ModelRegistry registry, UsageLedger ledger, ILoggerFactory logs, TimeProvider time)
    {
        (_logs, Ledger) = (logs, ledger);
        _shared = new(registry, model => new MeteredGenerator(Queue(model), ledger));
        _open = new(OpenAsync);
        IReadOnlyList<string> named =
            options.Models.Count > 0
                ? options.Models
                : throw new InputException("no model is named; name one, or remove the setting to serve sextant-small");
        foreach (string setting in named.Distinct(StringComparer.Ordinal))
        {
            string name = ModelName.Public(setting);
            if (!_settings.TryAdd(name, setting))
            {
                throw new InputException(
                    $"{_settings[name]} and {setting} have the same name '{name}' for clients; rename one of the folders"
                );
            }
        }

        Names = [.. named.Select(ModelName.Public).Distinct(StringComparer.Ordinal)];
        Since = time.GetUtcNow();
        Registry = new([_shared]);
    }

    /// <summary>Their names; new collections are made with the first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>When they were first offered.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Counts their use.</summary>
    public UsageLedger Ledger { get; }

    /// <summary>How many requests wait before models.</summary>
    public int Waiting => _shared.Opened.Sum(static model => model.GetService<CoalescingGenerator>()?.Waiting ?? 0);

    /// <summary>Opens models for collections, with any name, because the collection's creator chose its model.</summary>
    public ModelRegistry Registry { get; }

    /// <exception cref="ServiceException">No client may name this one.</exception>
    public Task<ServedModel> GetAsync(string name, CancellationToken cancellationToken) =>
        FindSetting(name) is { } setting ? _open.GetAsync(setting, cancellationToken) : throw ServiceException.NoModel(name);

    /// <summary>What the operator wrote for the model of this name; <see langword="null"/> when no client may name it.</summary>
    public string? FindSetting(string name) => _settings.GetValueOrDefault(name) ?? (_settings.ContainsValue(name) ? name : null);

    /// <summary>How requests to a model are handled.</summary>
    public EmbeddingPipelineOptions Pipeline => new() { LoggerFactory = _logs };

    public void Dispose()
    {
        foreach (ServedModel model in _open.Opened)
            model.Generator.Dispose();
        _shared.Dispose();
    }

    // The embeddings route and every collection stand before the same queue. A static model sums a text in microseconds on the caller's
    // thread and gains nothing from company, so it has none.
    private static IEmbeddingGenerator<string, Embedding<float>> Queue(IEmbeddingGenerator<string, Embedding<float>> model) =>
        model.GetService<StaticEmbeddingModel>() is null
            ? new CoalescingGenerator(new OpenTelemetryEmbeddingGenerator<string, Embedding<float>>(model))
            : model;

    private async Task<ServedModel> OpenAsync(string name)
    {
        IEmbeddingGenerator<string, Embedding<float>> model = await _shared.OpenAsync(name);
        ModelProfile? profile = model.GetService<ModelProfile>();
        return new(name, EmbeddingPipeline.Wrap(model, Pipeline), profile);
    }
}
