using System.Globalization;

namespace Sextant.Training.Distillation;

/// <summary>How closely a student follows its teacher on texts that it was not trained on. Each is at most 1, higher is closer.</summary>
public sealed record DistillationScores
{
    /// <summary>How many texts were held out.</summary>
    public required int Texts { get; init; }

    /// <summary>The mean cosine of the student's and the teacher's vector, both in the student's dimensions.</summary>
    public required double Cosine { get; init; }

    /// <summary>Spearman's correlation of the student's and the teacher's similarities of pairs of texts.</summary>
    public required double Correlation { get; init; }

    /// <summary>The share of the teacher's ten nearest neighbors of a text that are among the student's ten.</summary>
    public required double NeighborRecall { get; init; }

    /// <summary>The scores on one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"cosine {Cosine:F4}, correlation {Correlation:F4}, neighbors@10 {NeighborRecall:F4}");
}
