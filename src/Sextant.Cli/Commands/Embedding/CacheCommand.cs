using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;

namespace Sextant.Cli.Commands.Embedding;

/// <summary><c>sextant cache</c>: manages the embedding cache.</summary>
internal static class CacheCommand
{
    private const long Mebibyte = 1 << 20;

    public static Command Create(Shell shell)
    {
        Option<int> most = NumberOption.Whole("--max-mb", "Drop what was unused for longest until this many MiB are left", least: 0, byDefault: (int)(EmbeddingCache.DefaultMaxBytes / Mebibyte));
        var stats = new Verb("stats", "Show where the cache is, how large it is, and which models' vectors it holds.")
        {
            Examples = [("sextant cache stats --json", "prints {\"path\",\"entries\",\"bytes\",\"max_bytes\",\"models\"}")],
        };
        stats.SetAction(parsed => Run(parsed, cache => WriteStatistics(shell, cache.GetStatistics())));
        var prune = new Verb("prune", "Make the cache smaller: vectors unused for longest go first.")
        {
            Options = { most },
            Examples = [("sextant cache prune --max-mb 100", "keeps at most 100 MiB")],
        };
        prune.SetAction(parsed => Run(parsed, cache => WriteDropped(shell, cache.Prune(parsed.GetValue(most) * Mebibyte))));
        var clear = new Verb("clear", "Empty the cache. Collections keep their vectors.")
        {
            Examples = [("sextant cache clear", "drops every cached vector")],
        };
        clear.SetAction(parsed => Run(parsed, cache => WriteDropped(shell, cache.Clear())));
        return new Verb("cache", "Look after the embedding cache, which spares computing or paying for a vector twice.")
        {
            Subcommands = { stats, prune, clear },
            Examples = [("sextant cache stats", "what is in it"), ("sextant cache prune --max-mb 100", "makes it smaller")],
        };
    }

    private static int Run(ParseResult parsed, Action<EmbeddingCache> action)
    {
        using var cache = new EmbeddingCache(parsed.GetValue(CommonOptions.Cache));
        action(cache);
        return ExitCode.Done;
    }

    private static void WriteDropped(Shell shell, long dropped)
    {
        if (shell.Json)
            shell.Out.WriteJson(json => json.WriteNumber("dropped", dropped));
        else
            shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{dropped:N0} vectors dropped"));
    }

    private static void WriteStatistics(Shell shell, EmbeddingCacheStatistics statistics)
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
            });
            return;
        }
        shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{statistics.Path}: {statistics.Entries:N0} vectors, {statistics.Bytes / (double)Mebibyte:F1} of {statistics.MaxBytes / (double)Mebibyte:F0} MiB"));
        foreach ((string model, long entries) in statistics.Models)
            shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {entries,10:N0}  {model}"));
    }
}
