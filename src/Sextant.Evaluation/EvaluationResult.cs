using System.Text.Json.Serialization;
using Sextant.Index;

namespace Sextant.Evaluation;

/// <summary>The result of a model on a task, with one kind of vector storage.</summary>
public sealed record EvaluationResult
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Which model exactly; see <see cref="Embedding.ModelProfile.Fingerprint"/>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The task's name.</summary>
    public required string Task { get; init; }

    /// <summary>The kind of task.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>Which data it was; see <see cref="Data.TaskSource.Revision"/>.</summary>
    public required string Revision { get; init; }

    /// <summary>How many dimensions were kept of each vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>How they were kept.</summary>
    public required VectorStorage Storage { get; init; }

    /// <summary>The name of the score that stands in the table.</summary>
    public required string MainScore { get; init; }

    /// <summary>All scores by name.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>The main score on each resample of the task's items; see <see cref="Statistics.Bootstrap"/>.</summary>
    public required IReadOnlyList<double> Replicates { get; init; }

    /// <summary>How many texts the model embedded for the task, without those that a cache knew.</summary>
    public required long Texts { get; init; }

    /// <summary>The seconds it took to embed them.</summary>
    public required double EmbeddingSeconds { get; init; }

    /// <summary>The seconds that the whole task took, reading and scoring included.</summary>
    public required double Seconds { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>What a reader of the scores should know: why one could not be computed, what of the data was not used.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Dollars for a million tokens when it was measured; <see langword="null"/> when that was not known.</summary>
    public decimal? UsdPerMillionTokens { get; init; }

    /// <summary>Whether it was measured before and kept.</summary>
    [JsonIgnore]
    public bool Kept { get; init; }

    /// <summary>The score that stands in the table.</summary>
    [JsonIgnore]
    public double Main => Scores.GetValueOrDefault(MainScore, double.NaN);
}
