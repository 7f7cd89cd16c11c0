using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Commands.Collections;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Search;
using Sextant.Sources;

namespace Sextant.Cli.Commands.Indexing;

/// <summary><c>sextant index</c>: synchronizes a collection with its sources.</summary>
internal static class IndexCommand
{
    public static Command Create(Shell shell)
    {
        IndexSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, syntax.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, IndexRequest request, CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        string collection = request.Collection;
        bool isNew = !await SemanticSearchEngine.ExistsAsync(collection, request.Engine, cancellationToken);
        if (request.MaxCost is { } most)
            await RequireCostAsync(request, isNew, most, cancellationToken);
        bool appears = !ChosenModel.IsElsewhere(collection) && !Directory.Exists(collection),
            stayedEmpty = false;
        try
        {
            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, request.Engine, cancellationToken);
            Warnings.Show(shell, engine);
            await RequireStorageAsync(engine, request, cancellationToken);
            try
            {
                IndexingResult result = await ProgressLine.RunAsync(
                    shell,
                    "indexing",
                    progress =>
                        new CollectionIndexer(engine, request.Indexing).IndexAsync(
                            request.Sources,
                            IndexingOptions.Show(progress),
                            cancellationToken
                        )
                );
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
            // A run that failed before its first document leaves no trace.
            Directory.Delete(collection, recursive: true);
            throw;
        }
        return ExitCode.Done;
    }

    private static async Task RequireStorageAsync(SemanticSearchEngine engine, IndexRequest request, CancellationToken cancellationToken)
    {
        if (request.Storage is not { } wanted)
            return;
        CollectionInfo info = await engine.GetInfoAsync(cancellationToken);
        if (info.Index.Storage != wanted)
        {
            throw new InputException(
                $"{request.Collection} was created with --storage {CollectionReport.Name(info.Index.Storage)}, "
                    + "which cannot change; omit --storage, or create another collection"
            );
        }
    }

    private static async Task RequireCostAsync(IndexRequest request, bool isNew, float most, CancellationToken cancellationToken)
    {
        if (request.Sources.Contains("-"))
            throw new InputException("--max-cost reads the sources twice, and standard input can be read only once; name files or folders");
        string model = request.Model;
        if (!isNew && request.Engine.Model is null)
        {
            await using SemanticSearchEngine own = await SemanticSearchEngine.OpenAsync(
                request.Collection,
                request.Engine,
                cancellationToken
            );
            model = own.Model.Name;
        }
        PaidRun.Require(
            await PaidRun.EstimateAsync(model, request.Engine.Pipeline!, request.Sources, request.Indexing, cancellationToken),
            most
        );
    }

    private static void Write(Shell shell, SemanticSearchEngine engine, IndexingResult result, TimeSpan took)
    {
        foreach (string notice in result.Warnings)
            shell.Note($"note: {notice}");
        if (result.BadRows > 0)
            shell.Note($"{result.BadRows} unreadable rows were skipped");
        if (!shell.Json)
        {
            shell.Out.WriteWrapped(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{engine.Location}: {result.Added:N0} added, {result.Updated:N0} updated, {result.Skipped:N0} unchanged, "
                        + $"{result.Removed:N0} removed; "
                        + $"{result.Total:N0} in all, {engine.Model.Name}, {engine.Model.Dimensions} dimensions, {took.TotalSeconds:F1} s"
                ),
                indent: 2
            );
            return;
        }
        shell.Out.WriteJson(json =>
        {
            json.WriteString("collection", engine.Location);
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
