using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Numerics;
using Sextant.Sources.Transfer;

namespace Sextant.Cli.Commands.Collections;

/// <summary>
/// <c>sextant collection export</c> and <c>import</c>: to and from FAISS, NumPy, .fvecs and .ivecs, JSON Lines and Parquet.
/// </summary>
internal static class CollectionTransferCommand
{
    private static readonly string[] FormatNames = ["jsonl", "parquet", "npy", "fvecs", "faiss", "faiss-flat", "ivecs"];

    public static Command Export(Shell shell)
    {
        var collection = new Argument<string>("COLLECTION") { Description = "The collection" };
        var output = new Option<string>("-o", "--output")
        {
            Description = "The output file; its extension selects the format",
            HelpName = "FILE",
            Required = true,
        };
        Option<InterchangeFormat?> format = Format();
        Option<SimilarityMetric?> metric = Metric();
        var texts = new Option<string?>("--texts")
        {
            Description = "Also write the id, text and metadata of each row to this JSON Lines file",
            HelpName = "FILE",
        };
        var command = new Verb("export", "Export a collection to FAISS, NumPy, .fvecs, JSON Lines or Parquet.")
        {
            Arguments = { collection },
            Options = { output, format, metric, texts },
            Examples =
            [
                ("sextant collection export faq.sextant -o faq.jsonl", "writes everything, one JSON object per line"),
                (
                    "sextant collection export faq.sextant -o faq.faiss --texts faq.texts.jsonl",
                    "writes an IndexHNSWFlat for FAISS, and the ids and texts of its rows"
                ),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                string file = parsed.GetRequiredValue(output);
                var options = new CollectionExportOptions
                {
                    Format = parsed.GetValue(format),
                    Metric = parsed.GetValue(metric) ?? SimilarityMetric.Dot,
                    TextsFile = parsed.GetValue(texts),
                };
                await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
                    parsed.GetRequiredValue(collection),
                    ChosenModel.Engine(parsed, createIfMissing: false),
                    cancellationToken
                );
                Warnings.Show(shell, engine);
                ExportResult result = await ProgressLine.RunAsync(
                    shell,
                    "writing",
                    line => CollectionExport.RunAsync(engine, file, options, Show(line, "writing"), cancellationToken)
                );
                if (!result.HasIds)
                    shell.Note($"{file} cannot store ids: its rows are numbered in order; add --texts FILE to keep the ids");
                Write(shell, engine.Location, file, result);
                return ExitCode.Done;
            }
        );
        return command;
    }

    public static Command Import(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "A FAISS file, .npy, .fvecs, .ivecs, .jsonl or .parquet with vectors" };
        var to = new Option<string>("--to")
        {
            Description = "The collection; created if it does not exist",
            HelpName = "COLLECTION",
            Required = true,
        };
        Option<InterchangeFormat?> format = Format();
        Option<SimilarityMetric?> metric = MetricOption.Create();
        var texts = new Option<string?>("--texts")
        {
            Description = "A JSON Lines file with the text of each vector, and optionally its id and metadata",
            HelpName = "FILE",
        };
        var command = new Verb("import", "Create a collection from existing vectors; --model names the model that computed them.")
        {
            Arguments = { file },
            Options = { to, format, metric, texts },
            Examples =
            [
                (
                    "sextant collection import faq.jsonl --to copy.sextant --model sextant-small",
                    "imports texts with the vectors that this model computed"
                ),
                ("sextant collection import faq.faiss --to faq2.sextant --texts faq.texts.jsonl", "imports the FAISS graph unchanged"),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var options = new CollectionImportOptions
                {
                    Format = parsed.GetValue(format),
                    TextsFile = parsed.GetValue(texts),
                    Engine = ChosenModel.Engine(parsed, createIfMissing: true) with { Metric = parsed.GetValue(metric) },
                };
                ImportResult result = await ProgressLine.RunAsync(
                    shell,
                    "reading",
                    line =>
                        CollectionImport.RunAsync(
                            parsed.GetRequiredValue(file),
                            parsed.GetRequiredValue(to),
                            options,
                            Show(line, "reading"),
                            cancellationToken
                        )
                );
                if (result.Warning is { } notice)
                    shell.Note(notice);
                Write(shell, Credentials.Hide(parsed.GetRequiredValue(to)), result);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Write(Shell shell, string collection, string file, ExportResult result)
    {
        if (!shell.Json)
        {
            shell.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{collection} → {file}: {result.Documents:N0} documents, {result.Dimensions} dimensions, "
                        + $"{FormatNames[(int)result.Format]}"
                )
            );
            return;
        }
        shell.Out.WriteJson(json =>
        {
            json.WriteString("collection", collection);
            json.WriteString("output", file);
            json.WriteString("format", FormatNames[(int)result.Format]);
            json.WriteNumber("documents", result.Documents);
            json.WriteNumber("dimensions", result.Dimensions);
            json.WriteBoolean("has_ids", result.HasIds);
        });
    }

    private static void Write(Shell shell, string collection, ImportResult result)
    {
        if (!shell.Json)
        {
            shell.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{collection}: {result.Added:N0} added, {result.Updated:N0} updated, {result.Unchanged:N0} unchanged; "
                        + $"{result.Total:N0} in all, {result.Model}, {result.Dimensions} "
                        + $"dimensions{(result.KeptGraph ? ", the file's graph kept" : "")}"
                )
            );
            return;
        }
        shell.Out.WriteJson(json =>
        {
            json.WriteString("collection", collection);
            json.WriteNumber("added", result.Added);
            json.WriteNumber("updated", result.Updated);
            json.WriteNumber("unchanged", result.Unchanged);
            json.WriteNumber("total", result.Total);
            json.WriteString("model", result.Model);
            json.WriteNumber("dimensions", result.Dimensions);
            json.WriteBoolean("kept_graph", result.KeptGraph);
        });
    }

    private static Option<InterchangeFormat?> Format() =>
        ChoiceOption.Create(
            "--format",
            "The file format [default: by the file's extension]",
            [.. FormatNames.Select(static (name, at) => (name, (InterchangeFormat)at))]
        );

    private static Option<SimilarityMetric?> Metric() =>
        ChoiceOption.Create(
            "--metric",
            "The metric of the FAISS index: ip (inner product, the cosine here) or l2 [default: ip]",
            ("ip", SimilarityMetric.Dot),
            ("l2", SimilarityMetric.Euclidean)
        );

    private static Relay<long> Show(ProgressLine line, string what) => new(done => line.Report(what, done, total: null));
}
