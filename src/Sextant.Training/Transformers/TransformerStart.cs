using Sextant.Embedding;
using Sextant.Training.FineTuning;

namespace Sextant.Training.Transformers;

/// <summary>The starting point of an encoder.</summary>
public sealed class TransformerStart
{
    /// <summary>The encoder's shape.</summary>
    public required TransformerConfig Config { get; init; }

    /// <summary>Whether the first token's vector is the text's, instead of the mean of all.</summary>
    public required bool PoolsFirst { get; init; }

    /// <summary>The weights, by their names in <see cref="TransformerParameter"/>, row by row.</summary>
    public required IReadOnlyDictionary<string, float[]> Weights { get; init; }

    /// <summary>The token ids of a text by its number, as a query or as a document, special tokens included.</summary>
    public required Func<int, EmbeddingRole, int[]> Tokens { get; init; }

    /// <summary>The settings of the run, with what the engine leaves to its defaults filled in.</summary>
    public required FineTuningOptions Options { get; init; }
}
