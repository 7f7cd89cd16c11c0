using System.CommandLine;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Onnx;

namespace Sextant.Cli;

/// <summary>What the common options say about the model and how it is asked.</summary>
internal static class ChosenModel
{
    /// <summary>Every model that the command can open.</summary>
    public static ModelRegistry Registry { get; } = ModelRegistry.Default.With(new OnnxModelProvider());

    /// <summary>The pipeline as <c>--dimensions</c>, <c>--cache</c> and <c>--no-cache</c> want it.</summary>
    public static EmbeddingPipelineOptions Pipeline(ParseResult parsed) => new()
    {
        Dimensions = parsed.GetValue(CommonOptions.Dimensions),
        CacheDirectory = parsed.GetValue(CommonOptions.Cache),
        UseCache = !parsed.GetValue(CommonOptions.NoCache),
    };

    /// <summary>How a collection is opened with these options; without <c>--model</c> it brings its own.</summary>
    public static SemanticSearchEngineOptions Engine(ParseResult parsed, bool createIfMissing) => new()
    {
        Model = parsed.GetValue(CommonOptions.Model),
        Models = Registry,
        Pipeline = Pipeline(parsed),
        CreateIfMissing = createIfMissing,
    };

    /// <summary>Opens the model of <c>--model</c>, or the built-in one.</summary>
    public static Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        Registry.OpenAsync(
            parsed.GetValue(CommonOptions.Model) ?? StaticModelProvider.BuiltInModel, Pipeline(parsed), cancellationToken);
}
