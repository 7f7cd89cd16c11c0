using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Sources;

namespace Sextant.Cli.Commands.Embedding;

/// <summary><c>sextant cache</c>: manages cached vectors, and the collections of files that were searched.</summary>
internal static class CacheCommand
{
    private const long Mebibyte = 1 << 20;

    public static Command Create(Shell shell)
    {
        Option<int> most = NumberOption.Whole(
            "--max-mb",
            "Delete the least recently used entries until this many MiB are left, collections first",
            least: 0,
            byDefault: (int)(EmbeddingCache.DefaultMaxBytes / Mebibyte)
        );
        var stats = new Verb("stats", "Show the location, size and contents of the cache.")
        {
            Examples = [("sextant cache stats --json", "prints {\"path\",\"entries\",\"bytes\",\"max_bytes\",\"models\",\"collections\"}")],
        };
        stats.SetAction(parsed =>
            Run(parsed, (cache, collections) => WriteStatistics(shell, cache.GetStatistics(), collections.GetStatistics()))
        );
        var prune = new Verb("prune", "Delete the least recently used entries of the cache.")
        {
            Options = { most },
            Examples = [("sextant cache prune --max-mb 100", "keeps at most 100 MiB")],
        };
        prune.SetAction(parsed => Run(parsed, (cache, collections) => Prune(shell, cache, collections, parsed.GetValue(most) * Mebibyte)));
        var clear = new Verb("clear", "Delete everything in the cache; your own collections keep their vectors.")
        {
            Examples = [("sextant cache clear", "deletes every cached vector, and the indexes of searched files")],
        };
        clear.SetAction(parsed => Run(parsed, (cache, collections) => WriteRemoved(shell, cache.Clear(), collections.Clear())));
        return new Verb("cache", "Inspect, prune or clear the cache of embeddings and of indexes of searched files.")
        {
            Subcommands = { stats, prune, clear },
            Examples =
            [
                ("sextant cache stats", "shows its size and contents"),
                ("sextant cache prune --max-mb 100", "keeps at most 100 MiB"),
            ],
        };
    }

    private static int Run(ParseResult parsed, Action<EmbeddingCache, SourceCollectionCache> action)
    {
        string? folder = parsed.GetValue(CommonOptions.Cache);
        using var cache = new EmbeddingCache(folder);
        action(cache, new SourceCollectionCache(folder));
        return ExitCode.Done;
    }

    // The collections go first: they can be made again from files and vectors, and vectors may have been paid for.
    private static void Prune(Shell shell, EmbeddingCache cache, SourceCollectionCache collections, long maxBytes)
    {
        SourceCollectionRemoval removal = collections.Prune(Math.Max(0, maxBytes - cache.GetStatistics().Bytes));
        WriteRemoved(shell, cache.Prune(Math.Max(0, maxBytes - collections.GetStatistics().Bytes)), removal);
    }

    private static void WriteRemoved(Shell shell, long vectors, SourceCollectionRemoval collections)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteNumber("dropped", vectors);
                json.WriteNumber("dropped_collections", collections.Removed);
            });
        }
        else
        {
            shell.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{vectors:N0} vectors and {collections.Removed:N0} collections of searched files deleted"
                )
            );
        }
        if (collections.InUse > 0)
        {
            shell.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{collections.InUse:N0} collections are in use by another process and were kept"
                )
            );
        }
    }

    private static void WriteStatistics(Shell shell, EmbeddingCacheStatistics statistics, SourceCollectionStatistics collections)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("path", statistics.Path);
                json.WriteNumber("entries", statistics.Entries);
                json.WriteNumber("bytes", statistics.Bytes);
                json.WriteNumber("max_bytes", statistics.MaxBytes);
                json.WriteStartObject("models");
                foreach ((string model, long entries) in statistics.Models)
                    json.WriteNumber(model, entries);
                json.WriteEndObject();
                json.WriteStartObject("collections");
                json.WriteString("path", collections.Path);
                json.WriteNumber("count", collections.Count);
                json.WriteNumber("bytes", collections.Bytes);
                json.WriteEndObject();
            });
            return;
        }
        shell.Out.WriteWrapped(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{statistics.Path}: {statistics.Entries:N0} vectors, {statistics.Bytes / (double)Mebibyte:F1} of "
                    + $"{statistics.MaxBytes / (double)Mebibyte:F0} MiB"
            ),
            indent: 2
        );
        foreach ((string model, long entries) in statistics.Models)
            shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {entries, 10:N0}  {model}"));
        shell.Out.WriteWrapped(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{collections.Path}: {collections.Count:N0} collections of searched files, {collections.Bytes / (double)Mebibyte:F1} MiB"
            ),
            indent: 2
        );
    }
}
