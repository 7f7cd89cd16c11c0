using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models.Catalog;
using Sextant.Models.Hub;

namespace Sextant.Models;

/// <summary>
/// Opens a model by the one string that names it everywhere (see the table of model names in the documentation):
/// asks its providers in turn which of them the name belongs to, and wraps what that one opens in the
/// <see cref="EmbeddingPipeline"/>. Thread-safe and immutable.
/// </summary>
public sealed class ModelRegistry
{
    private readonly IModelProvider[] _providers;

    /// <summary>Creates a registry of these providers.</summary>
    /// <param name="providers">Asked in this order.</param>
    public ModelRegistry(IEnumerable<IModelProvider> providers)
    {
        IModelProvider[] all = [.. providers];
        // What the hub fetches is a folder, and any of the others may be the one that opens it.
        _providers = [.. all.Select(p => p is HubModelProvider hub ? hub.Over(all) : p)];
    }

    /// <summary>The models that the core package brings: the built-in one, folders of static models, files of word vectors, and models of a Hugging Face hub.</summary>
    public static ModelRegistry Default { get; } = new([new StaticModelProvider(), new WordVectorProvider(), new HubModelProvider(new HubOptions(), [])]);

    /// <summary>A registry that also knows the models of <paramref name="more"/>; those that are here already are asked first.</summary>
    public ModelRegistry With(params IEnumerable<IModelProvider> more) => new([.. _providers, .. more]);

    /// <summary>A registry whose <c>hf:</c> models are fetched as <paramref name="options"/> say.</summary>
    public ModelRegistry WithHub(HubOptions options) =>
        new([.. _providers.Where(p => p is not HubModelProvider), new HubModelProvider(options, [])]);

    /// <summary>Opens the model called <paramref name="name"/>, ready for use.</summary>
    /// <param name="name">For instance <c>sextant-small</c> or <c>./some/folder</c>.</param>
    /// <param name="options">How its requests are handled; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="InputException">No provider knows the name, or the model is not there; the message says what to do.</exception>
    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name, EmbeddingPipelineOptions? options = null, CancellationToken cancellationToken = default)
    {
        IEmbeddingGenerator<string, Embedding<float>> model =
            await OpenModelAsync(name, options?.Dimensions, cancellationToken).ConfigureAwait(false);
        try
        {
            return EmbeddingPipeline.Wrap(model, options);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Opens the model itself, without the pipeline.</summary>
    internal Task<IEmbeddingGenerator<string, Embedding<float>>> OpenModelAsync(
        string name, int? dimensions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        IModelProvider? provider = Array.Find(_providers, p => p.Handles(name));
        if (provider is null && !Directory.Exists(name) && ModelCatalog.Default.Find(name) is { } known)
        {
            // "bge-m3" is how people call hf:BAAI/bge-m3; what a provider knows by itself is never renamed.
            int at = name.Contains('/') ? name.LastIndexOf('@') : -1;
            name = at > 0 ? known.Name + name[at..] : known.Name;
            provider = Array.Find(_providers, p => p.Handles(name));
        }

        provider = provider ?? throw Unknown(name);
        return provider.OpenAsync(name, dimensions, cancellationToken);
    }

    private static InputException Unknown(string name)
    {
        if (Directory.Exists(name))
        {
            return new InputException($"{name}: no model that can be opened here lies in this folder (a static model has config.json, "
                + "model.safetensors and tokenizer.json)");
        }

        bool path = name.IndexOfAny(['/', '\\']) >= 0 && !name.Contains(':');
        return new InputException(path
            ? $"{name}: no such model folder"
            : $"unknown model '{name}'; use {StaticModelProvider.BuiltInModel} (built in), a model folder such as ./my-model, hf:ORG/NAME, or a name that 'sextant models' lists");
    }
}
