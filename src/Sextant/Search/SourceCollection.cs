using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sextant.Search;

/// <summary>
/// Searches plain files without a collection of one's own: one is kept in the cache folder for each combination of
/// source, model and options, and is brought up to date when the files have changed.
/// </summary>
public static class SourceCollection
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Opens the collection of a file or folder, made or brought up to date first where that is needed.</summary>
    /// <param name="source">A file or a folder.</param>
    /// <param name="options">Model and cache folder; the defaults when <see langword="null"/>.</param>
    /// <param name="indexing">How the source is read; the defaults when <see langword="null"/>.</param>
    /// <param name="progress">Is told while the source is indexed.</param>
    /// <param name="cancellationToken">Stops; what was indexed so far is kept for the next time.</param>
    /// <exception cref="InputException">There is no such source, or it cannot be read.</exception>
    public static async Task<SemanticSearchEngine> OpenAsync(
        string source, SemanticSearchEngineOptions? options = null, CollectionIndexerOptions? indexing = null,
        IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        options ??= new();
        indexing ??= new();
        string full = Path.GetFullPath(source);
        if (!File.Exists(full) && !Directory.Exists(full)) throw new InputException($"{source}: no such file or folder");

        CollectionModel model = await CollectionModel.OpenAsync(options, null, cancellationToken).ConfigureAwait(false);
        string cache = options.Pipeline?.CacheDirectory ?? SextantPaths.CacheDirectory;
        string key = Hash($"{full}\n{model.Profile.Fingerprint}\n{JsonSerializer.Serialize(indexing)}");
        SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            Path.Combine(cache, "collections", key), options, model, cancellationToken).ConfigureAwait(false);
        try
        {
            await RefreshAsync(engine, full, indexing, progress, cancellationToken).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task RefreshAsync(
        SemanticSearchEngine engine, string source, CollectionIndexerOptions indexing, IProgress<IndexingProgress>? progress,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before reading: a file that changes while it is read is read again the next time.
            string state = StateOf(source);
            if (await engine.SourceStateAsync(source, cancellationToken).ConfigureAwait(false) == state) return;
            try
            {
                await new CollectionIndexer(engine, indexing).IndexAsync([source], progress, cancellationToken).ConfigureAwait(false);
                await engine.NoteSourceAsync(source, state, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (CollectionBusyException)
            {
                // Another process is indexing the same files at this moment; its work will do.
                await Task.Delay(BusyPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Names, sizes and times of all files, which takes a moment even where reading them takes minutes.
    private static string StateOf(string source)
    {
        IEnumerable<FileInfo> files = File.Exists(source)
            ? [new FileInfo(source)]
            : new DirectoryInfo(source).EnumerateFiles("*", SearchOption.AllDirectories);
        StringBuilder state = new();
        foreach (FileInfo file in files.OrderBy(f => f.FullName, StringComparer.Ordinal))
            state.Append(CultureInfo.InvariantCulture, $"{file.FullName}\n{file.Length} {file.LastWriteTimeUtc.Ticks}\n");
        return Hash(state.ToString());
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}
