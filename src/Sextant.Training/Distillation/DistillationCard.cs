using System.Globalization;
using System.Text;

namespace Sextant.Training.Distillation;

/// <summary>Writes the card of a distilled model: its teacher, its fidelity before and after training, its settings.</summary>
internal static class DistillationCard
{
    public static string Write(string teacher, IReadOnlyList<int> matryoshka, DistillationOptions options, DistillationReport report)
    {
        var card = new StringBuilder();
        Add($"# Distilled from {Path.GetFileName(teacher.TrimEnd('/'))}\n\n");
        Add($"A static model of {report.Tokens:N0} tokens and {report.Dimensions} dimensions, ");
        Add($"trained on {report.Texts:N0} texts to match the teacher's vectors.\n\n");
        if (report is { Before: { } before, After: { } after })
        {
            Add($"## Held-out texts ({after.Texts:N0}, none trained on), compared with the teacher\n\n");
            Add($"| | before training | after |\n| --- | --- | --- |\n");
            Add($"| cosine to the teacher's vector | {before.Cosine:F4} | {after.Cosine:F4} |\n");
            Add($"| correlation of similarities | {before.Correlation:F4} | {after.Correlation:F4} |\n");
            Add($"| the teacher's 10 nearest neighbors found | {before.NeighborRecall:F4} | {after.NeighborRecall:F4} |\n\n");
        }

        Add($"## Settings\n\n| | |\n| --- | --- |\n");
        Add($"| Matryoshka dimensions | {string.Join(", ", matryoshka)} |\n");
        Add($"| vocabulary | {(options.Vocabulary is null ? "learned from the corpus" : "given")} |\n");
        Add($"| epochs, batch | {options.Epochs}, {options.Batch} |\n");
        Add($"| learning rate | {options.LearningRate}, {options.Warmup} warm-up steps, then linear decay |\n");
        Add($"| temperature, weight of similarities | {options.Temperature}, {options.SimilarityWeight} |\n");
        Add($"| frequency smoothing | {options.FrequencySmoothing} |\n");
        Add($"| seed | {options.Seed} |\n");
        return card.ToString();

        void Add(FormattableString text) => card.Append(text.ToString(CultureInfo.InvariantCulture));
    }
}
