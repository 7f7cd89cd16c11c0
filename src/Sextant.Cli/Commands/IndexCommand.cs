using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Search;
using Sextant.Sources;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant index</c>: brings a collection in step with its sources.</summary>
internal static class IndexCommand
{
    public static Command Create(Shell shell)
    {
        var sources = new Argument<string[]>("SOURCE")
        {
            Description = "Files (.txt .md .html .csv .tsv .jsonl .parquet), folders, or - for standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var to = new Option<string>("--to") { Description = "The collection: a folder, or postgres://user@host/database#collection; made if it is not there", HelpName = "COLLECTION", Required = true };
        Option<Overflow?> overflow = PaidRun.LongTexts(Overflow.Chunk);
        Option<float?> maxCost = PaidRun.MaxCost();
        Option<VectorStorage?> storage = ChoiceOption.Create(
            "--storage", "What a new collection keeps of each vector in memory (less memory to the right)",
            ("float32", VectorStorage.Float32), ("int8", VectorStorage.Int8), ("int4", VectorStorage.Int4), ("bit", VectorStorage.Bit));
        var sourceName = new Option<string?>("--source-name")
        {
            Description = "Call the source this in the collection, so that it is the same one wherever it is read from [default: its full path]",
            HelpName = "NAME",
        };
        var indexing = new IndexingOptions();
        var command = new Verb("index", "Read files into a collection: add what is new, replace what changed, skip what is the same.")
        {
            Arguments = { sources },
            Options = { to, sourceName, storage, overflow, maxCost },
            AfterInterrupt = "interrupted; what was stored is kept, and running the same command again continues from there",
            Examples =
            [
                ("sextant index examples/faq.jsonl --to faq.sextant", "makes the collection faq.sextant, or brings it up to date"),
                ("sextant index docs/ --to docs.sextant --chunk 200 --overlap 20", "reads a folder, long texts in overlapping parts"),
                ("sextant index products.csv --to shop.sextant --text description --id sku", "names the columns to use"),
            ],
        };
        indexing.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            long began = TimeProvider.System.GetTimestamp();
            string collection = parsed.GetRequiredValue(to);
            SemanticSearchEngineOptions options = ChosenModel.Engine(parsed, createIfMissing: true, parsed.GetValue(overflow) ?? Overflow.Chunk);
            if (parsed.GetValue(storage) is not null && ChosenModel.IsElsewhere(collection))
                throw new InputException("--storage is for folders; in PostgreSQL the location chooses the index of a new collection: …?index=hnsw, halfvec, binary or none");
            if (parsed.GetValue(storage) is { } kept) options = options with { Index = new() { Storage = kept } };
            bool isNew = !await SemanticSearchEngine.ExistsAsync(collection, options, cancellationToken);
            if (parsed.GetValue(maxCost) is { } most)
                await RequireCostAsync(parsed, collection, isNew, options, indexing.Read(parsed), parsed.GetRequiredValue(sources), most, cancellationToken);
            bool appears = !ChosenModel.IsElsewhere(collection) && !Directory.Exists(collection), stayedEmpty = false;
            try
            {
                await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, options, cancellationToken);
                Notices.Show(shell, engine);
                await RequireStorageAsync(engine, collection, parsed.GetValue(storage), cancellationToken);
                try
                {
                    IndexingResult result = await ProgressLine.RunAsync(shell, "indexing", progress =>
                        new CollectionIndexer(engine, indexing.Read(parsed) with { SourceName = parsed.GetValue(sourceName) }).IndexAsync(
                            parsed.GetRequiredValue(sources), IndexingOptions.Show(progress), cancellationToken));
                    Write(shell, engine, result, TimeProvider.System.GetElapsedTime(began));
                }
                catch when (appears)
                {
                    stayedEmpty = await engine.CountAsync(CancellationToken.None) == 0;
                    throw;
                }
            }
            catch when (stayedEmpty)
            {
                // A run that failed before its first document leaves things as they were.
                Directory.Delete(collection, recursive: true);
                throw;
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task RequireStorageAsync(
        SemanticSearchEngine engine, string collection, VectorStorage? wanted, CancellationToken cancellationToken)
    {
        if (wanted is null) return;
        CollectionInfo info = await engine.InfoAsync(cancellationToken);
        if (info.Index.Storage != wanted)
            throw new InputException(
                $"{collection} was made with --storage {CollectionReport.Name(info.Index.Storage)}, which stays as it is; leave --storage out, or make another collection");
    }

    private static async Task RequireCostAsync(
        ParseResult parsed, string collection, bool isNew, SemanticSearchEngineOptions options, CollectionIndexerOptions indexing,
        string[] sources, float most, CancellationToken cancellationToken)
    {
        if (sources.Contains("-"))
            throw new InputException("--max-cost reads the sources twice, which standard input cannot be; name files or folders");
        string model = ChosenModel.Name(parsed);
        if (!isNew && options.Model is null)
        {
            await using SemanticSearchEngine own = await SemanticSearchEngine.OpenAsync(collection, options, cancellationToken);
            model = own.Model.Name;
        }
        PaidRun.Require(await PaidRun.EstimateAsync(model, options.Pipeline!, sources, indexing, cancellationToken), most);
    }

    private static void Write(Shell shell, SemanticSearchEngine engine, IndexingResult result, TimeSpan took)
    {
        foreach (string notice in result.Notices)
            shell.Note($"note: {notice}");
        if (result.BadRows > 0)
            shell.Note($"{result.BadRows} rows could not be read and were passed over");
        if (!shell.Json)
        {
            shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{engine.Path}: {result.Added:N0} added, {result.Updated:N0} updated, {result.Skipped:N0} unchanged, {result.Removed:N0} removed; "
                + $"{result.Total:N0} in all, {engine.Model.Name}, {engine.Model.Dimensions} dimensions, {took.TotalSeconds:F1} s"));
            return;
        }
        shell.Out.WriteJson(json =>
        {
            json.WriteString("collection", engine.Path);
            json.WriteNumber("added", result.Added);
            json.WriteNumber("updated", result.Updated);
            json.WriteNumber("skipped", result.Skipped);
            json.WriteNumber("removed", result.Removed);
            json.WriteNumber("total", result.Total);
            json.WriteString("model", engine.Model.Name);
            json.WriteNumber("dimensions", engine.Model.Dimensions);
            json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
        });
    }
}
