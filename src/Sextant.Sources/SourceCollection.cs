using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Sextant.Search;
using Sextant.Search.Storage;
using Sextant.Sources.Formats;

namespace Sextant.Sources;

/// <summary>
/// Searches plain files without an explicit collection: the cache folder holds one for each combination of source, model and options, which
/// is updated when the files have changed.
/// </summary>
public static partial class SourceCollection
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Opens the collection of a file or folder, and creates or updates it first if needed.</summary>
    /// <param name="source">A file or a folder.</param>
    /// <param name="options">Model and cache folder; the defaults when <see langword="null"/>.</param>
    /// <param name="indexing">Options for reading the source; the defaults when <see langword="null"/>.</param>
    /// <param name="progress">Receives reports while the source is indexed.</param>
    /// <param name="cancellationToken">Cancels; documents indexed so far are kept for the next call.</param>
    /// <exception cref="InputException">The source does not exist or cannot be read.</exception>
    public static async Task<SemanticSearchEngine> OpenAsync(
        string source,
        SemanticSearchEngineOptions? options = null,
        CollectionIndexerOptions? indexing = null,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        options ??= new();
        indexing ??= new();
        string full = Path.GetFullPath(source);
        if (!File.Exists(full) && !Directory.Exists(full))
            throw new InputException($"{source}: no such file or folder");

        string cache = options.Pipeline?.CacheDirectory ?? SextantPaths.CacheDirectory;
        bool isWritable = CanWrite(Path.Combine(cache, "collections"));
        // The embedding cache is next to the collections, and one notice is enough.
        if (!isWritable)
            options = options with { Pipeline = (options.Pipeline ?? new()) with { UseCache = false } };
        CollectionModel model = await CollectionModel.OpenAsync(options, manifest: null, cancellationToken).ConfigureAwait(false);
        string key = Hash($"{full}\n{model.Profile.Fingerprint}\n{Describe(indexing)}");
        string folder = Path.Combine(cache, "collections", key);
        if (isWritable && !WriteAccess.IsDenied(Path.Combine(folder, SemanticSearchEngine.DocumentsFileName)))
        {
            IDisposable? use = await CollectionUse.BeginAsync(folder, cancellationToken).ConfigureAwait(false);
            return await OpenAsync(folder, options, model, () => use?.Dispose(), temporary: null).ConfigureAwait(false);
        }

        if (await OpenKeptAsync(folder, full, options, indexing, cancellationToken).ConfigureAwait(false) is { } kept)
        {
            model.Dispose();
            return kept;
        }

        string temporary = Directory.CreateTempSubdirectory("sextant-").FullName;
        return await OpenAsync(Path.Combine(temporary, key), options, model, () => Directory.Delete(temporary, recursive: true), temporary)
            .ConfigureAwait(false);

        async Task<SemanticSearchEngine> OpenAsync(
            string collection,
            SemanticSearchEngineOptions how,
            CollectionModel owned,
            Action release,
            string? temporary
        )
        {
            how = how with { OnDisposed = release + how.OnDisposed };
            SemanticSearchEngine? opened = null;
            try
            {
                opened = await SemanticSearchEngine
                    .OpenAsync(CollectionLocation.Resolve(collection, how.CollectionProviders, how.ReadOnly), how, owned, cancellationToken)
                    .ConfigureAwait(false);
                if (temporary is not null)
                {
                    Warn(
                        opened,
                        how.LoggerFactory,
                        $"the cache {cache} cannot be written: {source} is indexed in a temporary folder and not kept"
                    );
                }

                await RefreshAsync(opened, full, indexing, progress, cancellationToken).ConfigureAwait(false);
                return opened;
            }
            catch
            {
                if (opened is not null)
                    await opened.DisposeAsync().ConfigureAwait(false);
                else
                    release();
                throw;
            }
        }
    }

    // One that was brought up to date when the cache could be written, in a container's image for instance.
    private static async Task<SemanticSearchEngine?> OpenKeptAsync(
        string folder,
        string source,
        SemanticSearchEngineOptions options,
        CollectionIndexerOptions indexing,
        CancellationToken cancellationToken
    )
    {
        if (!SemanticSearchEngine.Exists(folder))
            return null;
        SemanticSearchEngine? engine = null;
        IDisposable? use = CollectionUse.TryBeginReading(folder);
        try
        {
            engine = await SemanticSearchEngine
                .OpenAsync(
                    folder,
                    options with
                    {
                        ReadOnly = true,
                        OnDisposed = (() => use?.Dispose()) + options.OnDisposed,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (await engine.Store.GetSourceStateAsync(source, cancellationToken).ConfigureAwait(false) == StateOf(source, indexing))
                return engine;
        }
        catch (SextantException) { }

        if (engine is not null)
            await engine.DisposeAsync().ConfigureAwait(false);
        use?.Dispose();
        return null;
    }

    private static void Warn(SemanticSearchEngine engine, ILoggerFactory? loggerFactory, string message)
    {
        engine.AddWarning(message);
        loggerFactory?.CreateLogger("Sextant.Sources").LogWarning("{Warning}", message);
    }

    private static bool CanWrite(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return WriteAccess.IsAllowed(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task RefreshAsync(
        SemanticSearchEngine engine,
        string source,
        CollectionIndexerOptions indexing,
        IProgress<IndexingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            // Taken before reading: a file that changes while it is read is read again the next time.
            string state = StateOf(source, indexing);
            if (await engine.Store.GetSourceStateAsync(source, cancellationToken).ConfigureAwait(false) == state)
                return;
            try
            {
                IndexingResult result = await new CollectionIndexer(engine, indexing)
                    .IndexAsync([source], progress, cancellationToken)
                    .ConfigureAwait(false);
                foreach (string notice in result.Warnings)
                    engine.AddWarning(notice);
                await engine.Store.SetSourceStateAsync(source, state, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (CollectionBusyException)
            {
                // Another process is indexing the same files at this moment; its work will do.
                await Task.Delay(BusyPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Names, sizes and times of all files that are read, which takes a moment even where reading them takes minutes.
    private static string StateOf(string source, CollectionIndexerOptions indexing)
    {
        StringBuilder state = new();
        foreach (
            SourceFile read in SourceFile.Enumerate(
                source,
                (indexing.Reader ?? new()) with
                {
                    SkipBad = true,
                },
                static _ => { },
                static _ => { }
            )
        )
        {
            FileInfo file = new(read.Path);
            state.Append(
                CultureInfo.InvariantCulture,
                $"{file.FullName}\n{(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks}\n"
            );
        }

        return Hash(state.ToString());
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));

    /// <summary>Part of the key of a cached collection: another text means that all of them are indexed again.</summary>
    internal static string Describe(CollectionIndexerOptions indexing) =>
        JsonSerializer.Serialize(indexing, Generated.Default.CollectionIndexerOptions);

    [JsonSerializable(typeof(CollectionIndexerOptions))]
    private sealed partial class Generated : JsonSerializerContext;
}
