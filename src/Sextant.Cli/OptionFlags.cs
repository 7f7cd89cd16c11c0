using Sextant.Embedding;
using Sextant.Server;
using Sextant.Sources;
using Sextant.Sources.Transfer;
using Sextant.Training.Export;
using Sextant.Training.FineTuning;
using Sextant.Training.Runs;

namespace Sextant.Cli;

/// <summary>Maps the options in library messages to command-line flags.</summary>
internal static class OptionFlags
{
    private static readonly Dictionary<string, string> Flags = new(StringComparer.Ordinal)
    {
        [nameof(SourceReaderOptions.TextField)] = "--text",
        [nameof(SourceReaderOptions.IdField)] = "--id",
        [nameof(SourceReaderOptions.JsonPath)] = "--path",
        [nameof(SourceReaderOptions.SkipBad)] = "--skip-bad",
        [nameof(CollectionIndexerOptions.ChunkTokens)] = "--chunk",
        [nameof(ServerOptions.Urls)] = "--urls",
        [nameof(FineTuningOptions.LearningRate)] = "--learning-rate",
        [nameof(FineTuningOptions.Loss)] = "--loss",
        [nameof(FineTuningOptions.Matryoshka)] = "--matryoshka",
        [nameof(FineTuningOptions.MaxGradientNorm)] = "--clip",
        [nameof(FineTuningOptions.Mining)] = "--mine-negatives",
        [nameof(TrainingRunOptions.Resume)] = "--resume",
        [nameof(OnnxExportOptions.Int8)] = "--int8",
        [nameof(EmbeddingPipelineOptions.Dimensions)] = "--dimensions",
        [nameof(SemanticSearchEngineOptions.Model)] = "--model",
        [nameof(CollectionExportOptions.Format)] = "--format",
        ["Device"] = "--device",
        ["LoraRank"] = "--lora",
        ["dataFolder"] = "--data",
        ["offline"] = "--offline",
        ["pairs"] = "--pairs",
        ["texts"] = "--texts",
    };

    /// <summary>The flag for a property of an options type; <see langword="null"/> if the property has no flag.</summary>
    public static string? Find(string option) => Flags.GetValueOrDefault(option);
}
