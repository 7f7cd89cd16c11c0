using System.CommandLine;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Hosted;
using Sextant.Models;
using Sextant.Models.Hub;
using Sextant.NuGetModels;
using Sextant.Onnx;
using Sextant.Postgres;
using Sextant.Search;
using Sextant.Training.Adapters;

namespace Sextant.Cli;

/// <summary>The model and pipeline selected by the common options.</summary>
internal static class ChosenModel
{
    /// <summary>How models are fetched in this run.</summary>
    public static HubOptions Hub { get; private set; } = new();

    /// <summary>Models in NuGet packages, fetched as this run may.</summary>
    public static NuGetModelProvider Packages { get; private set; } = new();

    /// <summary>Transformers on this disk, on the threads and the device of this run.</summary>
    public static OnnxModelProvider Transformers { get; private set; } = new();

    /// <summary>Every model that the command can open, reached as <c>--offline</c> allows.</summary>
    public static ModelRegistry Registry { get; private set; } = WithHosted(Local, new HostedModelOptions());

    /// <summary>The same models, opened only to count what texts would cost: nothing is sent and no key is needed.</summary>
    public static ModelRegistry CountingRegistry { get; private set; } = WithHosted(Local, new HostedModelOptions { CountOnly = true });

    /// <summary>The usage of hosted models in this run.</summary>
    public static UsageMeter Usage { get; } = new();

    /// <summary>Makes <see cref="Registry"/> what the options of this run want. Called once, when they are known.</summary>
    public static void Configure(ParseResult parsed)
    {
        Hub = new HubOptions
        {
            Offline = parsed.GetValue(CommonOptions.Offline),
            Progress = DownloadLine.Create(quiet: parsed.GetValue(CommonOptions.Quiet)),
        };
        Packages = new NuGetModelProvider(
            new NuGetModelOptions
            {
                Offline = Hub.Offline,
                Progress = Hub.Progress,
                LoggerFactory = Log(parsed),
            }
        );
        var origins = new ErrorLog(
            Console.Error,
            parsed.GetValue(CommonOptions.Quiet),
            parsed.GetValue(CommonOptions.Verbose),
            LogLevel.Information
        );
        Transformers = new OnnxModelProvider
        {
            Threads = parsed.GetValue(CommonOptions.Threads) ?? Environment.ProcessorCount,
            ExecutionProvider = Enum.Parse<OnnxExecutionProvider>(parsed.GetRequiredValue(CommonOptions.Device), ignoreCase: true),
        };
        ModelRegistry local = Local.WithLoggerFactory(origins);
        Registry = WithHosted(
            local,
            new HostedModelOptions
            {
                Offline = Hub.Offline,
                Usage = Usage,
                LoggerFactory = Log(parsed),
            }
        );
        CountingRegistry = WithHosted(local, new HostedModelOptions { CountOnly = true });
    }

    /// <summary>The databases in which a collection may be.</summary>
    public static IReadOnlyList<CollectionProvider> Collections { get; } = [new PostgresProvider()];

    /// <summary>The pipeline options from <c>--dimensions</c>, <c>--cache</c> and <c>--no-cache</c>.</summary>
    public static EmbeddingPipelineOptions Pipeline(ParseResult parsed) =>
        new()
        {
            Dimensions = parsed.GetValue(CommonOptions.Dimensions),
            CacheDirectory = parsed.GetValue(CommonOptions.Cache),
            UseCache = !parsed.GetValue(CommonOptions.NoCache),
            LoggerFactory = Log(parsed),
        };

    /// <summary>How a collection is opened with these options; without <c>--model</c> it brings its own.</summary>
    public static SemanticSearchEngineOptions Engine(
        ParseResult parsed,
        bool createIfMissing,
        OverflowPolicy overflow = OverflowPolicy.Error
    ) =>
        new()
        {
            Model = parsed.GetValue(CommonOptions.Model),
            Models = Registry,
            Pipeline = Pipeline(parsed) with { Overflow = overflow },
            CreateIfMissing = createIfMissing,
            CollectionProviders = Collections,
        };

    /// <summary>Whether <paramref name="location"/> refers to a database, and so is neither a folder nor a source.</summary>
    public static bool IsElsewhere(string location) => Collections.Any(provider => provider.Handles(location));

    /// <summary>Whether <paramref name="source"/> is to be opened as a collection; if not, it is something to read.</summary>
    public static async Task<bool> IsCollectionAsync(ParseResult parsed, string source, CancellationToken cancellationToken) =>
        IsElsewhere(source) || await SemanticSearchEngine.ExistsAsync(source, Engine(parsed, createIfMissing: false), cancellationToken);

    /// <summary>Opens the model of <c>--model</c>, or the built-in one.</summary>
    public static Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        OpenAsync(parsed, OverflowPolicy.Error, cancellationToken);

    /// <summary>Opens it with a policy for texts that are too long for it.</summary>
    public static Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        ParseResult parsed,
        OverflowPolicy overflow,
        CancellationToken cancellationToken
    ) => Registry.OpenAsync(Name(parsed), Pipeline(parsed) with { Overflow = overflow }, cancellationToken);

    /// <summary>
    /// The folder of the model of <c>--model</c>, fetched if need be; its name where it has no folder. It is what training begins with.
    /// </summary>
    public static async Task<string> FolderOrNameAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = Name(parsed);
        // A folder is used as written.
        return Directory.Exists(name) ? name : (await Registry.GetFolderAsync(name, cancellationToken))?.Path ?? name;
    }

    /// <summary>The name that <c>--model</c> gives, or the built-in model's.</summary>
    public static string Name(ParseResult parsed) => parsed.GetValue(CommonOptions.Model) ?? StaticModelProvider.BuiltInModel;

    // Models that run locally, from any source.
    private static ModelRegistry Local => ModelRegistry.Default.WithProviders(Transformers, Packages).WithHub(Hub);

    private static ModelRegistry WithHosted(ModelRegistry local, HostedModelOptions hosted)
    {
        ModelRegistry models = local.WithHostedModels(hosted);
        return models.WithProviders(new AdapterModelProvider(models));
    }

    private static ErrorLog Log(ParseResult parsed) =>
        new(Console.Error, parsed.GetValue(CommonOptions.Quiet), parsed.GetValue(CommonOptions.Verbose));
}
