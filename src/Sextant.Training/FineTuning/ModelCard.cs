using System.Globalization;
using System.Text;
using Sextant.Training.Data;

namespace Sextant.Training.FineTuning;

/// <summary>Writes what a fine-tuned model is, what it was made of, and what that changed.</summary>
internal static class ModelCard
{
    public static string Write(PairCollection pairs, string baseModel, ChosenLoss loss, FineTuningOptions options, FineTuningReport report)
    {
        var card = new StringBuilder();
        Add($"# Fine-tuned from {Path.GetFileName(baseModel.TrimEnd('/'))}\n\n");
        Add($"Trained on {report.TrainingPairs:N0} pairs from {string.Join(", ", pairs.Names.Select(Path.GetFileName))}.\n\n");
        string from = options.Validation is null
            ? "none trained on"
            : "of " + string.Join(", ", options.Validation.Names.Select(Path.GetFileName));
        Add($"## Held-out pairs ({report.Before.Pairs:N0}, {from})\n\n");
        Add($"| | before | after | change |\n| --- | --- | --- | --- |\n");
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

        Add($"\n## Epochs\n\n| | loss | held-out pairs |\n| --- | --- | --- |\n");
        foreach (EpochResult epoch in report.Epochs)
        {
            string kept = epoch.Epoch == report.KeptEpoch && report.Epochs.Count > 1 ? " (kept)" : "";
            Add($"| {epoch.Epoch}{kept} | {epoch.Loss:F4} | {epoch.Scores} |\n");
        }

        Add($"\n## Settings\n\n| | |\n| --- | --- |\n");
        Add($"| loss | {loss.Name} |\n");
        if (loss.Matryoshka.Count > 0)
        {
            Add($"| Matryoshka lengths | {string.Join(", ", loss.Matryoshka)} |\n");
        }

        Add($"| epochs | {options.Epochs}{(options.Patience > 0 ? $", patience {options.Patience}" : "")} |\n");
        Add($"| batch | {options.Batch}{(options.Accumulation > 1 ? $", {options.Accumulation} to a step" : "")} |\n");
        string decay = options.Decay.ToString().ToLowerInvariant();
        Add($"| learning rate | {options.LearningRate}, {report.WarmupSteps} warm-up steps, then {decay} decay |\n");
        if (options.MaxGradientNorm > 0)
        {
            Add($"| gradient clipped to | {options.MaxGradientNorm} |\n");
        }

        if (options.Mining is { } mining)
        {
            Add($"| mined negatives | {mining.Negatives} a pair, ranks {mining.SkipNearest + 1} to {mining.Depth}, ");
            Add($"margin {mining.Margin} |\n");
        }

        Add($"| seed | {options.Seed} |\n| speed | {report.PairsPerSecond:N0} pairs a second |\n");
        return card.ToString();

        void Row(string name, double first, double second) =>
            Add($"| {name} | {first:F4} | {second:F4} | {second - first:+0.0000;-0.0000} |\n");

        void Add(FormattableString text) => card.Append(text.ToString(CultureInfo.InvariantCulture));
    }
}
