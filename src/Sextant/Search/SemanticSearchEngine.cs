using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Search;
using Sextant.Search.Storage;
using Sextant.Text;
using Sextant.Vectors;

namespace Sextant;

/// <summary>
/// A collection of documents that is searched by meaning. It lives in a folder: <c>documents.db</c> holds everything,
/// <c>index.hnsw</c> makes searching fast and can always be made again from it.
/// </summary>
/// <remarks>
/// <para>What a method has written when it returns survives a crash and a power cut.</para>
/// <para>
/// Thread-safe. Any number of processes may open a collection; the first that writes is its only writer until it disposes its
/// engine, the others see what it wrote at their next search and are told who writes when they try to.
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
    private readonly CollectionFiles _files;
    private readonly SemanticSearchEngineOptions _options;
    private readonly LocalCollection _collection;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private CollectionModel? _model;
    private int _disposed;

    private SemanticSearchEngine(
        CollectionFiles files, SemanticSearchEngineOptions options, LocalCollection collection, CollectionModel? model)
    {
        _files = files;
        _options = options;
        _collection = collection;
        _model = model;
    }

    /// <summary>The collection's folder, as it was given.</summary>
    public string Path => _files.Name;

    /// <summary>The model that the collection was made with.</summary>
    public ModelProfile Model => _collection.Manifest.Model;

    /// <summary>What a user should know about how the collection was opened, such as that its graph had to be built again.</summary>
    public IReadOnlyList<string> Notices => _collection.Notices;

    internal LocalCollection Collection => _collection;

    /// <summary>Whether a collection is at <paramref name="path"/>.</summary>
    public static bool Exists(string path) => Directory.Exists(path) && new CollectionFiles(path).Exist;

    /// <summary>Opens the collection at <paramref name="path"/>, and makes it first when it is not there.</summary>
    /// <param name="path">A folder.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="InputException">
    /// There is no collection and none may be made; or it was made with another model than the one named.
    /// </exception>
    /// <exception cref="SextantException">The collection is damaged, or was made by a newer version.</exception>
    public static async Task<SemanticSearchEngine> OpenAsync(
        string path, SemanticSearchEngineOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        CollectionFiles files = new(path);
        Manifest? manifest = LocalCollection.ReadManifest(files);
        if (manifest is null && !options.CreateIfMissing)
            throw new InputException($"{path}: there is no collection here; make one with: sextant index SOURCE --to {path}");

        // The collection's own model is opened when it is first needed: to look after a collection takes none.
        CollectionModel? model = manifest is null || options.Generator is not null || options.Model is not null
            ? await CollectionModel.OpenAsync(options, manifest, cancellationToken).ConfigureAwait(false)
            : null;
        return await OpenAsync(files, options, manifest, model, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a new collection at <paramref name="path"/> and opens it.</summary>
    /// <param name="path">A folder; it need not exist yet.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops before anything is made.</param>
    /// <exception cref="InputException">There is a collection already.</exception>
    public static Task<SemanticSearchEngine> CreateAsync(
        string path, SemanticSearchEngineOptions? options = null, CancellationToken cancellationToken = default) => Exists(path)
        ? throw new InputException($"{path}: there is a collection here already; open it, or choose another folder")
        : OpenAsync(path, options is null ? null : options with { CreateIfMissing = true }, cancellationToken);

    /// <summary>Counts tokens as the collection's model does, where the model knows how; else <see langword="null"/>.</summary>
    public async Task<ITokenCounter?> GetTokenCounterAsync(CancellationToken cancellationToken = default) =>
        (await ModelAsync(cancellationToken).ConfigureAwait(false)).Generator.GetService(typeof(ITokenCounter)) as ITokenCounter;

    /// <summary>Opens the collection's model now, which the first text would do otherwise, so that it is answered as fast as the others.</summary>
    /// <exception cref="SextantException">The model cannot be opened, or is another edition than the collection was made with.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken = default) => ModelAsync(cancellationToken);

    /// <summary>How many requests the collection's model takes at once.</summary>
    internal async Task<int> EmbeddingConcurrencyAsync(CancellationToken cancellationToken) =>
        (await ModelAsync(cancellationToken).ConfigureAwait(false)).Generator.GetService(typeof(EmbeddingLimits)) is EmbeddingLimits limits
            ? limits.MaxConcurrency
            : 1;

    /// <summary>
    /// Waits for a write in progress, writes the graph's snapshot where that saves time at the next opening, and closes everything.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _collection.DisposeAsync().ConfigureAwait(false);
        _model?.Dispose();
        _opening.Dispose();
    }

    /// <summary>
    /// Opens or makes the collection at <paramref name="path"/> with a model that is open already, and becomes its owner.
    /// </summary>
    internal static Task<SemanticSearchEngine> OpenAsync(
        string path, SemanticSearchEngineOptions options, CollectionModel model, CancellationToken cancellationToken)
    {
        CollectionFiles files = new(path);
        return OpenAsync(files, options, LocalCollection.ReadManifest(files), model, cancellationToken);
    }

    private async Task<CollectionModel> ModelAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (_model is { } model) return model;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_model is null)
            {
                CollectionModel opened =
                    await CollectionModel.OpenAsync(_options, _collection.Manifest, cancellationToken).ConfigureAwait(false);
                // The name may stand for another edition by now: a folder trained again, a newer built-in model.
                opened.Require(_collection.Manifest, Path);
                _model = opened;
            }

            return _model;
        }
        finally
        {
            _opening.Release();
        }
    }

    private static async Task<SemanticSearchEngine> OpenAsync(
        CollectionFiles files, SemanticSearchEngineOptions options, Manifest? manifest, CollectionModel? model,
        CancellationToken cancellationToken)
    {
        try
        {
            if (manifest is null)
            {
                LocalCollection.Create(files, NewManifest(model!.Profile, options));
                manifest = LocalCollection.ReadManifest(files)!;
            }

            model?.Require(manifest, files.Name);
            LocalCollection collection = await LocalCollection.OpenAsync(
                files, manifest, options.Logger ?? NullLogger.Instance, cancellationToken).ConfigureAwait(false);
            return new(files, options, collection, model);
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);

    private static Manifest NewManifest(ModelProfile profile, SemanticSearchEngineOptions options)
    {
        if (options.Index is { Metric: not SimilarityMetric.Cosine })
            throw new ArgumentException("A collection compares by cosine; leave the metric of its index as it is.", nameof(options));
        return new()
        {
            Model = profile,
            Fingerprint = profile.Fingerprint,
            CutTo = options.Pipeline?.Dimensions,
            Index = options.Index ?? new(),
            Created = (options.Time ?? TimeProvider.System).GetUtcNow(),
        };
    }
}
