using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Commands.Indexing;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Sources;

namespace Sextant.Cli.Commands.Search;

/// <summary><c>sextant search</c>: semantic search in a collection, or in a plain file or folder.</summary>
internal static class SearchCommand
{
    public static Command Create(Shell shell)
    {
        SearchSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using IReranker? reranker = await syntax.OpenRerankerAsync(parsed, cancellationToken);
                return await RunAsync(shell, syntax.Read(parsed, reranker), cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, SearchRequest request, CancellationToken cancellationToken)
    {
        bool isCollection =
            ChosenModel.IsElsewhere(request.Source)
            || await SemanticSearchEngine.ExistsAsync(request.Source, request.Engine, cancellationToken);
        decimal? left = (decimal?)request.MaxCost;
        if (request.MaxCost is { } most && !isCollection)
        {
            EmbeddingCost reading = await PaidRun.EstimateAsync(
                request.Model,
                request.Engine.Pipeline!,
                [request.Source],
                request.Indexing,
                cancellationToken
            );
            PaidRun.Require(reading, most);
            left -= reading.Usd;
        }
        await using SemanticSearchEngine engine = await OpenAsync(shell, request, isCollection, cancellationToken);
        Warnings.Show(shell, engine);
        SearchStageOptions.RequireMinScore(request.Search, engine.Store.Manifest.Metric);
        List<string> notes = [];
        SearchOptions options = request.Search with { MaxRerankCost = left, OnNote = notes.Add };
        await engine.PrepareAsync(options, cancellationToken);
        long began = TimeProvider.System.GetTimestamp();
        IReadOnlyList<SearchResult> results = await engine.SearchAsync(request.Query, request.Count, options, cancellationToken);
        TimeSpan took = TimeProvider.System.GetElapsedTime(began);
        IReadOnlyList<Facet> facets =
            request.Facets.Count > 0
                ? await engine.GetFacetsAsync(request.Facets, options.Filter, cancellationToken: cancellationToken)
                : [];
        foreach (string note in notes)
            shell.Note($"note: {note}");
        if (shell.Json)
            SearchReport.WriteJson(shell.Out, request.Query, results, facets, options, took);
        else
            SearchReport.Write(shell, results, facets, options);
        if (results.Count == 0 && options.Filter is not null && !shell.Quiet)
        {
            foreach (string sentence in await engine.ExplainFilterAsync(options.Filter, cancellationToken))
                shell.Note(sentence);
        }
        await ExplainFieldsAsync(shell, engine, results, facets, options, cancellationToken);
        shell.Detail(
            string.Create(CultureInfo.InvariantCulture, $"{results.Count} results in {took.TotalMilliseconds:F1} ms, {engine.Model.Name}")
        );
        return ExitCode.Done;
    }

    // Fields that no result has: perhaps no document has them.
    private static async Task ExplainFieldsAsync(
        Shell shell,
        SemanticSearchEngine engine,
        IReadOnlyList<SearchResult> results,
        IReadOnlyList<Facet> facets,
        SearchOptions options,
        CancellationToken cancellationToken
    )
    {
        IEnumerable<FieldPath> unknown = facets.Where(static facet => facet.Distinct == 0).Select(static facet => facet.Field);
        if (options.GroupBy is { } field && results.Count > 0 && results.All(static hit => hit.Group is null))
            unknown = unknown.Append(field);
        if (shell.Quiet)
            return;
        foreach (string sentence in await engine.ExplainFieldsAsync(unknown.Distinct(), cancellationToken))
            shell.Note(sentence);
    }

    private static async Task<SemanticSearchEngine> OpenAsync(
        Shell shell,
        SearchRequest request,
        bool isCollection,
        CancellationToken cancellationToken
    ) =>
        isCollection
            ? await SemanticSearchEngine.OpenAsync(request.Source, request.Engine, cancellationToken)
            : await ProgressLine.RunAsync(
                shell,
                $"reading {request.Source}",
                progress =>
                    SourceCollection.OpenAsync(
                        request.Source,
                        request.Engine with
                        {
                            CreateIfMissing = true,
                        },
                        request.Indexing,
                        IndexingOptions.Show(progress),
                        cancellationToken
                    )
            );
}
