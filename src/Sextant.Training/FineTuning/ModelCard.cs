using System.Globalization;
using System.Text;

namespace Sextant.Training.FineTuning;

/// <summary>Writes what a fine-tuned model is, what it was made of, and what that changed.</summary>
internal static class ModelCard
{
    public static string Write(IReadOnlyList<string> files, string baseModel, FineTuningOptions options, FineTuningReport report)
    {
        var card = new StringBuilder();
        card.Append(CultureInfo.InvariantCulture, $"# Fine-tuned from {Path.GetFileName(baseModel.TrimEnd('/'))}\n\n");
        card.Append(CultureInfo.InvariantCulture,
            $"Trained on {report.TrainingPairs:N0} pairs from {string.Join(", ", files.Select(Path.GetFileName))}.\n\n");
        card.Append(CultureInfo.InvariantCulture, $"## Held-out pairs ({report.Before.Pairs:N0}, none trained on)\n\n");
        card.Append("| | before | after |\n| --- | --- | --- |\n");
        if (report.Before.Spearman is { } before && report.After.Spearman is { } after)
        {
            Row("Spearman", before, after);
        }
        else
        {
            Row("recall@1", report.Before.RecallAt1, report.After.RecallAt1);
            Row("recall@10", report.Before.RecallAt10, report.After.RecallAt10);
            Row("MRR", report.Before.MeanReciprocalRank, report.After.MeanReciprocalRank);
        }

        card.Append("\n## Settings\n\n| | |\n| --- | --- |\n");
        card.Append(CultureInfo.InvariantCulture, $"| loss | {options.Loss} |\n| epochs | {options.Epochs} |\n| batch | {options.Batch} |\n");
        card.Append(CultureInfo.InvariantCulture, $"| learning rate | {options.LearningRate}, {options.Decay} decay |\n");
        card.Append(CultureInfo.InvariantCulture, $"| warm-up | {options.Warmup} steps |\n| seed | {options.Seed} |\n");
        card.Append(CultureInfo.InvariantCulture, $"| speed | {report.PairsPerSecond:N0} pairs a second |\n");
        return card.ToString();

        void Row(string name, double before, double after) =>
            card.Append(CultureInfo.InvariantCulture, $"| {name} | {before:F4} | {after:F4} |\n");
    }
}
