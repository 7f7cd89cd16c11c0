using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Sources;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant search</c>: semantic search in a collection, or in a plain file or folder.</summary>
internal static class SearchCommand
{
    public static Command Create(Shell shell)
    {
        var source = new Argument<string>("COLLECTION-OR-SOURCE") { Description = "A collection, or a file or folder, which is indexed into the cache first" };
        var query = new Argument<string>("QUERY") { Description = "What to look for, in your own words" };
        Option<int> count = NumberOption.Whole("-k", "How many results at most", least: 1, byDefault: 5);
        var filter = new Option<string?>("--filter") { Description = "Only documents whose metadata fit, for instance \"lang = 'en' and year >= 2020\"", HelpName = "EXPR" };
        var stages = new SearchStageOptions();
        Option<float?> maxCost = PaidRun.MaxCost();
        var indexing = new IndexingOptions();
        var command = new Verb("search", "Find texts by what they mean.")
        {
            Arguments = { source, query },
            Options = { count, filter },
            Examples =
            [
                ("sextant search examples/faq.jsonl \"how do I get my money back\"", "searches a plain file"),
                ("sextant search faq.sextant \"cancel my order\" -k 3 --filter \"topic = 'orders'\"", "searches a collection, only where the metadata fit"),
                ("sextant search docs.sextant \"error E1234\" --mode hybrid --json", "words count too; results as JSON"),
                ("sextant search faq.sextant \"my parcel never came\" --rerank all-MiniLM-L6-v2", "a transformer orders the best 100; what it read is kept in the cache"),
            ],
        };
        stages.AddTo(command);
        command.Options.Add(maxCost);
        indexing.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using IReranker? reranker = await stages.OpenRerankerAsync(parsed, cancellationToken);
            decimal? left = (decimal?)parsed.GetValue(maxCost);
            if (parsed.GetValue(maxCost) is { } most && !await ChosenModel.IsCollectionAsync(parsed, parsed.GetRequiredValue(source), cancellationToken))
            {
                EmbeddingCost reading = await PaidRun.EstimateAsync(ChosenModel.Name(parsed), ChosenModel.Pipeline(parsed) with { Overflow = Overflow.Chunk },
                    [parsed.GetRequiredValue(source)], indexing.Read(parsed), cancellationToken);
                PaidRun.Require(reading, most);
                left -= reading.Usd;
            }
            await using SemanticSearchEngine engine = await OpenAsync(
                shell, parsed, parsed.GetRequiredValue(source), indexing.Read(parsed), cancellationToken);
            Notices.Show(shell, engine);
            string asked = parsed.GetRequiredValue(query);
            List<string> notes = [];
            SearchOptions options = stages.Read(parsed, reranker) with
            {
                Filter = parsed.GetValue(filter),
                MaxRerankCost = left,
                OnNote = notes.Add,
            };
            await engine.PrepareAsync(options, cancellationToken);
            long began = TimeProvider.System.GetTimestamp();
            IReadOnlyList<SearchResult> results = await engine.SearchAsync(asked, parsed.GetValue(count), options, cancellationToken);
            TimeSpan took = TimeProvider.System.GetElapsedTime(began);
            foreach (string note in notes)
                shell.Note($"note: {note}");
            if (shell.Json)
                SearchReport.WriteJson(shell.Out, asked, results, options, took);
            else
                SearchReport.Write(shell, results, options);
            if (results.Count == 0 && options.Filter is not null && !shell.Quiet)
            {
                foreach (string sentence in await engine.ExplainFilterAsync(options.Filter, cancellationToken))
                    shell.Note(sentence);
            }
            shell.Detail(string.Create(CultureInfo.InvariantCulture, $"{results.Count} results in {took.TotalMilliseconds:F1} ms, {engine.Model.Name}"));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<SemanticSearchEngine> OpenAsync(
        Shell shell, ParseResult parsed, string source, CollectionIndexerOptions indexing, CancellationToken cancellationToken)
    {
        SemanticSearchEngineOptions options = ChosenModel.Engine(parsed, createIfMissing: false, Overflow.Chunk);
        if (await ChosenModel.IsCollectionAsync(parsed, source, cancellationToken))
            return await SemanticSearchEngine.OpenAsync(source, options, cancellationToken);
        return await ProgressLine.RunAsync(shell, $"reading {source}", progress => SourceCollection.OpenAsync(
            source, options with { CreateIfMissing = true }, indexing, IndexingOptions.Show(progress), cancellationToken));
    }
}
