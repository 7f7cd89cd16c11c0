using System.Globalization;
using Microsoft.Extensions.AI;
using Sextant.Cli.Commands.Search;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Evaluation;
using Sextant.Evaluation.Data;
using Sextant.Index;
using Sextant.Models.Catalog;

namespace Sextant.Cli.Commands.Evaluation;

/// <summary>The models and tasks that <c>sextant evaluate</c> measures.</summary>
internal sealed record EvaluationPlan
{
    private const string WarmUp = "The first text of a run pays for compiling the model's code.";

    /// <summary>The tasks, once they are opened.</summary>
    public IReadOnlyList<TaskSource> Sources { get; init; } = [];

    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Lengths asked for; empty for the model's own.</summary>
    public required IReadOnlyList<int> Dimensions { get; init; }

    /// <summary>Whether, with no lengths asked for, all that the model was made for are measured.</summary>
    public required bool EveryLength { get; init; }

    public required IReadOnlyList<VectorStorage> Storage { get; init; }

    public required EmbeddingPipelineOptions Pipeline { get; init; }

    /// <summary>The model that orders the candidates of searches; searches are not measured when <see langword="null"/>.</summary>
    public string? Rerank { get; init; }

    /// <summary>The number of candidates.</summary>
    public int? Candidates { get; init; }

    /// <exception cref="InputException">The requested evaluation is not possible.</exception>
    public void Check()
    {
        SearchStageOptions.Require(Candidates, Rerank);
        if (Rerank is not null && !Sources.Any(static source => source.Kind == TaskKind.Retrieval))
            throw new InputException("--rerank needs a retrieval task: add one, such as scifact or --pairs FILE, or omit --rerank");
    }

    public static IReadOnlyList<int> ParseDimensions(string? list) =>
        [
            .. Split(list)
                .Select(static item =>
                    int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
                        ? value
                        : throw new InputException($"--dimensions must be whole numbers of at least 1, separated by commas, not '{item}'")
                )
                .Distinct(),
        ];

    public static IReadOnlyList<VectorStorage> ParseStorage(string? list)
    {
        VectorStorage[] kinds =
        [
            .. Split(list)
                .Select(static item =>
                    Enum.TryParse(item, ignoreCase: true, out VectorStorage kind)
                    && Enum.IsDefined(kind)
                    && kind != VectorStorage.Packed
                    && !char.IsAsciiDigit(item[0])
                        ? kind
                        : throw new InputException(
                            $"--storage must be float32, int8, int4 or bit, separated by commas, not "
                                + $"'{item}'{Suggestion.Ask(item, ["float32", "int8", "int4", "bit"])}"
                        )
                )
                .Distinct(),
        ];
        return kinds.Length > 0 ? kinds : [VectorStorage.Float32];
    }

    public async Task<(IReadOnlyList<EvaluationResult> Results, IReadOnlyList<SearchEvaluationResult> Searches)> RunAsync(
        Shell shell,
        CancellationToken cancellationToken
    )
    {
        ResultStore? store = Pipeline.UseCache
            ? new ResultStore(Path.Combine(Pipeline.CacheDirectory ?? SextantPaths.CacheDirectory, "evaluations"))
            : null;
        return await ProgressLine.RunAsync(
            shell,
            "evaluating",
            async line =>
            {
                var results = new List<EvaluationResult>();
                var searches = new List<SearchEvaluationResult>();
                foreach (string name in Models)
                {
                    using IEmbeddingGenerator<string, Embedding<float>> generator = await OpenAsync(name, cancellationToken);
                    ModelProfile? profile = generator.GetService<ModelProfile>();
                    bool local = profile is { Pooling: not "hosted" };
                    var model = new EvaluationModel(name, generator)
                    {
                        UsdPerMillionTokens = ModelCatalog.Default.Find(name)?.Price?.UsdPerMillionTokens ?? (local ? 0 : null),
                    };
                    VectorShape[] shapes = Shapes(name, profile);
                    bool warm = false;
                    foreach (TaskSource source in Sources)
                    {
                        line.Report($"{name}: {source.Name}", 0, null);
                        if (!warm && local)
                            await generator.EmbedDocumentsAsync([WarmUp], cancellationToken: cancellationToken);
                        warm = true;
                        var options = new EvaluatorOptions
                        {
                            Shapes = shapes,
                            Store = store,
                            Progress = new Relay<(long Done, long Total)>(p => line.Report($"{name}: {source.Name}", p.Done, p.Total)),
                        };
                        IReadOnlyList<EvaluationResult> some = await Evaluator.RunAsync(model, source, options, cancellationToken);
                        foreach (EvaluationResult result in some)
                        {
                            shell.Detail(
                                string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"{name}, {source.Name}, {result.Dimensions}: "
                                        + $"{(result.Kept ? "kept from before" : $"{result.Seconds:F1} s")}"
                                )
                            );
                        }

                        results.AddRange(some);
                        if (Rerank is not null && source.Kind == TaskKind.Retrieval)
                            searches.AddRange(await SearchAsync(model, source, line, cancellationToken));
                    }
                }

                return (results, searches);
            }
        );
    }

    private Task<IReadOnlyList<SearchEvaluationResult>> SearchAsync(
        EvaluationModel model,
        TaskSource source,
        ProgressLine line,
        CancellationToken cancellationToken
    )
    {
        string what = $"{model.Name}: searching {source.Name}";
        var options = new SearchEvaluatorOptions
        {
            Rerank = Rerank!,
            Models = ChosenModel.Registry,
            // The evaluation of the vectors has already reported truncated texts; here they would be reported for each query.
            Pipeline = Pipeline with
            {
                Overflow = OverflowPolicy.Truncate,
                LoggerFactory = null,
            },
            Candidates = Candidates ?? new SearchOptions().Candidates,
            Progress = new Relay<(long Done, long Total)>(p => line.Report(what, p.Done, p.Total)),
        };
        return SearchEvaluator.RunAsync(model, source, options, cancellationToken);
    }

    private async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken)
    {
        EmbeddingPipelineOptions options = Pipeline with { Dimensions = null, Overflow = OverflowPolicy.Truncate };
        IEmbeddingGenerator<string, Embedding<float>> generator = await ChosenModel.Registry.OpenAsync(name, options, cancellationToken);
        // Computing static vectors is faster than reading them from a cache.
        if (generator.GetService<ModelProfile>() is not { Provider: "sextant" })
            return generator;
        generator.Dispose();
        return await ChosenModel.Registry.OpenAsync(name, options with { UseCache = false }, cancellationToken);
    }

    private VectorShape[] Shapes(string name, ModelProfile? profile)
    {
        int?[] lengths =
            Dimensions.Count > 0 ? [.. Dimensions.Where(length => !(length > profile?.Dimensions)).Select(static length => (int?)length)]
            : EveryLength && profile is not null
                ? [profile.Dimensions, .. profile.MatryoshkaDimensions.Where(length => length < profile.Dimensions)]
            : [null];
        if (lengths.Length == 0)
            throw new InputException($"{name} has {profile!.Dimensions} dimensions; ask for at most that many with --dimensions");
        return [.. lengths.SelectMany(length => Storage.Select(storage => new VectorShape(length, storage)))];
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
