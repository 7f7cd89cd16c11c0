using System.Globalization;
using Sextant.Cli.Terminal;
using Sextant.Index;
using Sextant.Numerics;
using Sextant.Search;

namespace Sextant.Cli.Commands.Collections;

/// <summary>Prints information about a collection, as text or JSON.</summary>
internal static class CollectionReport
{
    private const double Mebibyte = 1 << 20;

    public static void Write(Shell shell, CollectionInfo info)
    {
        // The memory use of a database server is not reported.
        bool isFolder = !ChosenModel.IsElsewhere(info.Location);
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("collection", info.Location);
                json.WriteNumber("documents", info.Documents);
                json.WriteString("model", info.Model.Name);
                json.WriteString("fingerprint", info.Fingerprint);
                json.WriteNumber("dimensions", info.Dimensions);
                json.WriteString("metric", MetricOption.Name(info.Metric));
                if (isFolder)
                    json.WriteString("storage", Name(info.Index.Storage));
                json.WriteNumber("format", info.FormatVersion);
                json.WriteString("created", info.Created);
                json.WriteNumber("documents_bytes", info.DocumentsBytes);
                json.WriteNumber("index_bytes", info.IndexBytes);
                if (info.PreviousModel is { } previous)
                    json.WriteString("previous_model", previous);
                if (info.NextModel is { } next)
                    json.WriteString("next_model", next);
            });
            return;
        }
        Line("collection", info.Location);
        Line("documents", info.Documents.ToString("N0", CultureInfo.InvariantCulture));
        Line("model", string.Create(CultureInfo.InvariantCulture, $"{info.Model.Name}, {info.Dimensions} dimensions"));
        if (info.Metric != SimilarityMetric.Cosine)
            Line("metric", MetricOption.Name(info.Metric));
        if (isFolder)
            Line("storage", Name(info.Index.Storage));
        Line("created", info.Created.ToString("u", CultureInfo.InvariantCulture));
        Line(
            "size",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{info.DocumentsBytes / Mebibyte:F1} MiB documents, {info.IndexBytes / Mebibyte:F1} MiB index"
            )
        );
        if (info.PreviousModel is { } left)
            Line("previous", $"{left}; its vectors are kept for reembed --rollback");
        if (info.NextModel is { } coming)
            Line("moving to", $"{coming}; finish with reembed --model {coming}");

        void Line(string name, string value) => shell.Out.WriteWrapped($"{name, -12}{value}", indent: 12);
    }

    /// <summary>A storage as <c>--storage</c> takes it.</summary>
    public static string Name(VectorStorage storage) => storage.ToString().ToLowerInvariant();

    public static void WriteSizes(Shell shell, string collection, long before, long after)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("collection", collection);
                json.WriteNumber("bytes_before", before);
                json.WriteNumber("bytes_after", after);
            });
            return;
        }
        shell.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{collection}: {before / Mebibyte:F1} MiB, now {after / Mebibyte:F1} MiB")
        );
    }

    public static void WriteCopied(Shell shell, string from, string to)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("from", from);
                json.WriteString("to", to);
            });
            return;
        }
        shell.Out.WriteLine($"{from} → {to}");
    }
}
