using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.Evaluation;

/// <summary>How searches are measured.</summary>
public sealed record SearchEvaluatorOptions
{
    /// <summary>The model that orders the candidates, by name.</summary>
    public required string Rerank { get; init; }

    /// <summary>The registry that opens it.</summary>
    /// <value><see cref="ModelRegistry.Default"/>.</value>
    public ModelRegistry Models { get; init; } = ModelRegistry.Default;

    /// <summary>How its requests are handled. Without a cache a temporary one is used: a search meets most texts more than once.</summary>
    public EmbeddingPipelineOptions Pipeline { get; init; } = new() { Overflow = OverflowPolicy.Truncate };

    /// <summary>How many documents the first stage finds.</summary>
    /// <value>100.</value>
    public int Candidates { get; init; } = 100;

    /// <summary>Hears how many searches are done, and how many there are.</summary>
    public IProgress<(long Done, long Total)>? Progress { get; init; }
}
