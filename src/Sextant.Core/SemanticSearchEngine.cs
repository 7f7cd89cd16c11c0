using System.Collections.Concurrent;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Search.Storage;
using Sextant.Search.Storage.Local;
using Sextant.Tokenizers;

namespace Sextant;

/// <summary>
/// A collection of documents with semantic search. It is stored in a folder: <c>documents.db</c> holds all data, <c>index.hnsw</c> makes
/// searches fast and can always be rebuilt from it.
/// </summary>
/// <remarks>
/// <para>Data written by a method that has returned survives a crash and a power cut.</para>
/// <para>
/// Thread-safe. Engines of one folder in one process share its graph, and each of them can write; the last one that is disposed closes
/// the collection. Any number of processes may open a collection; the first that writes is its only writer until it disposes its
/// engine, the others see its writes at their next search, and get an error that names the writer when they try to write.
/// </para>
/// <example>
/// <code>
/// await using var engine = await SemanticSearchEngine.OpenAsync("docs.sextant");
/// await engine.AddDocumentsAsync(texts);
/// foreach (SearchResult hit in await engine.SearchAsync("how do refunds work?", topK: 5))
///     Console.WriteLine($"{hit.Score:F2}  {hit.Text}");
/// </code>
/// </example>
/// </remarks>
public sealed partial class SemanticSearchEngine : IAsyncDisposable
{
    /// <summary>The name of the database in the folder of a collection.</summary>
    public const string DocumentsFileName = "documents.db";

    private readonly SemanticSearchEngineOptions _options;
    private readonly CollectionStore _collection;
    private readonly SemaphoreSlim _opening = new(1, 1);

    // Models that the collection has moved away from; callers may still be using them.
    private readonly List<CollectionModel> _left = [];
    private readonly ConcurrentQueue<string> _warnings = [];
    private CollectionModel? _model;
    private int _disposed;

    private SemanticSearchEngine(SemanticSearchEngineOptions options, CollectionStore collection, CollectionModel? model)
    {
        _options = options;
        _collection = collection;
        _model = model;
        _rerankers = new(OpenRerankerAsync);
        StagedWriter = new(this);
        Maintenance = new(this);
    }

    /// <summary>The location of the collection: its folder as passed by the caller, or its location without the password.</summary>
    public string Location => _collection.Name;

    /// <summary>The model that the collection was made with, or has been moved to.</summary>
    public ModelProfile Model => _collection.Manifest.Model;

    /// <summary>Copies, backups, checks, repairs, and moving to another model.</summary>
    public CollectionMaintenance Maintenance { get; }

    /// <summary>Writes documents in stages, for programs that read, embed and store many of them at the same time.</summary>
    public StagedWriter StagedWriter { get; }

    /// <summary>
    /// The store of the collection, for programs that extend the engine. It is closed with the engine: do not dispose it. Writes are
    /// checked and
    /// embedded by the engine only, so use <see cref="StagedWriter"/> for them.
    /// </summary>
    public CollectionStore Store => _collection;

    /// <summary>What a user should know about how the collection was opened, such as that its graph had to be built again.</summary>
    public IReadOnlyList<string> Warnings => [.. _collection.Warnings, .. _warnings];

    internal SemanticSearchEngineOptions Options => _options;

    /// <exception cref="InputException">The collection is not in a folder.</exception>
    internal LocalCollection Collection =>
        _collection as LocalCollection ?? throw new InputException($"{Location} is not in a folder; copy it to a folder first");

    /// <summary>Whether a collection is in the folder <paramref name="location"/>.</summary>
    public static bool Exists(string location) => Directory.Exists(location) && new CollectionFiles(location).Exist;

    /// <summary>Whether a collection is at <paramref name="location"/>.</summary>
    /// <param name="location">A folder, or what one of the <see cref="SemanticSearchEngineOptions.CollectionProviders"/> knows.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels looking.</param>
    /// <exception cref="InputException">The location is malformed.</exception>
    /// <exception cref="SextantException">The location cannot be reached.</exception>
    public static async Task<bool> ExistsAsync(
        string location,
        SemanticSearchEngineOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new();
        if (!options.CollectionProviders.Any(provider => provider.Handles(location)))
            return Exists(location);
        CollectionLocation resolved = CollectionLocation.Resolve(location, options.CollectionProviders);
        await using (resolved.ConfigureAwait(false))
            return await resolved.ReadManifestAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Opens the collection at <paramref name="location"/>, and creates it if missing.</summary>
    /// <param name="location">A folder, or a location that one of the <see cref="SemanticSearchEngineOptions.CollectionProviders"/>
    /// knows.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <exception cref="InputException">
    /// There is no collection and none may be made; or it was made with another model than the one named.
    /// </exception>
    /// <exception cref="SextantException">The collection is damaged, or was made by a newer version.</exception>
    public static async Task<SemanticSearchEngine> OpenAsync(
        string location,
        SemanticSearchEngineOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new();
        return await OpenAtAsync(
                CollectionLocation.Resolve(location, options.CollectionProviders, options.ReadOnly),
                options,
                null,
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Makes a new collection at <paramref name="location"/> and opens it.</summary>
    /// <param name="location">A folder; it need not exist yet.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels before anything is made.</param>
    /// <exception cref="InputException">There is a collection already.</exception>
    public static async Task<SemanticSearchEngine> CreateAsync(
        string location,
        SemanticSearchEngineOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options = (options ?? new()) with { CreateIfMissing = true };
        CollectionLocation resolved = CollectionLocation.Resolve(location, options.CollectionProviders);
        if (await resolved.ReadManifestAsync(cancellationToken).ConfigureAwait(false) is null)
            return await OpenAtAsync(resolved, options, null, cancellationToken).ConfigureAwait(false);
        await resolved.DisposeAsync().ConfigureAwait(false);
        throw new InputException($"{resolved.Name}: a collection already exists here; open it, or choose another location");
    }

    /// <summary>Information about the collection.</summary>
    public Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _collection.GetInfoAsync(cancellationToken);
    }

    /// <summary>Counts tokens as the collection's model does, where the model knows how; else <see langword="null"/>.</summary>
    public async Task<ITokenCounter?> GetTokenCounterAsync(CancellationToken cancellationToken = default) =>
        (await ModelAsync(cancellationToken).ConfigureAwait(false)).Generator.GetService(typeof(ITokenCounter)) as ITokenCounter;

    /// <summary>Embeds texts with the collection's model, as documents and queries are.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="role">What they are.</param>
    /// <param name="cancellationToken">Cancels the request to the model.</param>
    /// <returns>For each text a vector of length 1; zeros where the model knows no part of the text.</returns>
    /// <exception cref="SextantException">The model cannot be opened, or failed.</exception>
    public async Task<float[][]> EmbedAsync(
        IEnumerable<string> texts,
        EmbeddingRole role = EmbeddingRole.Document,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(texts);
        CollectionModel model = await ModelAsync(cancellationToken).ConfigureAwait(false);
        return await model.EmbedAsync([.. texts], role, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Opens the collection's model now, which the first text would do otherwise, so that it is answered as fast as the others.
    /// </summary>
    /// <exception cref="SextantException">The model cannot be opened, or is another edition than the collection was made with.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken = default) => ModelAsync(cancellationToken);

    /// <summary>
    /// Waits for a write in progress, writes the graph's snapshot where that saves time at the next opening, and closes everything.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _collection.DisposeAsync().ConfigureAwait(false);
        _model?.Dispose();
        foreach (CollectionModel model in _left)
            model.Dispose();
        foreach (IReranker reranker in _rerankers.Opened)
            reranker.Dispose();
        _opening.Dispose();
        _options.OnDisposed?.Invoke();
    }

    /// <summary>Adds to <see cref="Warnings"/>, for programs that prepare a collection for others.</summary>
    /// <param name="message">A sentence for the user.</param>
    public void AddWarning(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _warnings.Enqueue(message);
    }

    /// <summary>Opens a collection, and creates it first where it does not exist.</summary>
    /// <param name="location">Where it is; disposed with the engine, or when this throws.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="model">The collection's model, where it is open already; disposed with the engine, or when this throws.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="InputException">
    /// There is no collection and none may be created; or it was created with another model than the one named.
    /// </exception>
    /// <exception cref="SextantException">The collection is damaged, or was created by a newer version.</exception>
    public static Task<SemanticSearchEngine> OpenAsync(
        CollectionLocation location,
        SemanticSearchEngineOptions? options = null,
        CollectionModel? model = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(location);
        return OpenAtAsync(location, options ?? new(), model, cancellationToken);
    }

    internal async Task<CollectionModel> ModelAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (_model is { } model && model.ModelFingerprint == _collection.Manifest.Fingerprint)
            return model;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Manifest manifest = _collection.Manifest;
            if (_model is not null && _model.ModelFingerprint == manifest.Fingerprint)
                return _model;
            CollectionModel opened = await CollectionModel.OpenAsync(_options, manifest, cancellationToken).ConfigureAwait(false);
            try
            {
                // The name may stand for another edition by now: a folder trained again, a newer built-in model.
                opened.Require(manifest, Location);
            }
            catch
            {
                opened.Dispose();
                throw;
            }

            if (_model is not null)
                _left.Add(_model);
            return _model = opened;
        }
        finally
        {
            _opening.Release();
        }
    }

    // From here on the location and the model are the engine's, or are closed again.
    private static async Task<SemanticSearchEngine> OpenAtAsync(
        CollectionLocation resolved,
        SemanticSearchEngineOptions options,
        CollectionModel? model,
        CancellationToken cancellationToken
    )
    {
        if (resolved is LocalLocation local)
            local.IsShared = !options.IsUnshared;
        try
        {
            Manifest? manifest = await resolved.ReadManifestAsync(cancellationToken).ConfigureAwait(false);
            if (manifest is null && (!options.CreateIfMissing || options.ReadOnly))
            {
                throw new InputException($"{resolved.Name}: no collection here; create one first")
                {
                    Remedies = [new Remedy(RemedyAction.CreateCollection, resolved.Name)],
                };
            }

            // The collection's own model is opened when it is first needed: maintenance does not need one.
            if (model is null && (manifest is null || options.Generator is not null || options.Model is not null))
                model = await CollectionModel.OpenAsync(options, manifest, cancellationToken).ConfigureAwait(false);
            if (manifest is null)
            {
                await resolved.CreateAsync(NewManifest(model!.Profile, options), cancellationToken).ConfigureAwait(false);
                manifest = (await resolved.ReadManifestAsync(cancellationToken).ConfigureAwait(false))!;
            }

            model?.Require(manifest, resolved.Name);
            if (options.Metric is { } metric && metric != manifest.Metric)
                throw OtherMetric(resolved.Name, manifest.Metric, metric);
            CollectionStore collection = await resolved
                .OpenAsync(manifest, options.CreateLogger(), cancellationToken)
                .ConfigureAwait(false);
            return new(options, collection, model);
        }
        catch
        {
            model?.Dispose();
            await resolved.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static InputException OtherMetric(string collection, SimilarityMetric own, SimilarityMetric asked) =>
        new(
            $"{collection} compares its vectors by {Name(own)} and cannot be used with {Name(asked)}: open it without naming a metric, or "
                + "index the sources again into another collection"
        )
        {
            RelatedOptions = [nameof(SemanticSearchEngineOptions.Metric)],
        };

    private static string Name(SimilarityMetric metric) =>
        metric switch
        {
            SimilarityMetric.Dot => "dot product",
            SimilarityMetric.Euclidean => "Euclidean distance",
            _ => "cosine",
        };

    // Before anything is embedded, because embedding may cost money.
    internal void ThrowIfReadOnly()
    {
        ThrowIfDisposed();
        if (_options.ReadOnly)
            throw CollectionReadOnlyException.Asked(Location);
        _collection.ThrowIfReadOnly();
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);

    internal static Manifest NewManifest(ModelProfile profile, SemanticSearchEngineOptions options)
    {
        HnswOptions index = options.Index ?? new();
        return new()
        {
            Model = profile,
            Fingerprint = profile.Fingerprint,
            TruncatedDimensions = options.Pipeline?.Dimensions,
            Index = options.Metric is { } metric ? index with { Metric = metric } : index,
            Created = (options.TimeProvider ?? TimeProvider.System).GetUtcNow(),
        };
    }
}
