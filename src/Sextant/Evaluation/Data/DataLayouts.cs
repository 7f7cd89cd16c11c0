using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>The file forms that named tasks come in.</summary>
internal static class DataLayouts
{
    public static EvaluationTask Load(TaskDescription task, IReadOnlyList<string> files) => task.Layout switch
    {
        "scored-lines" => new StsTask(ScoredPairReader.Read(files[0], task.Columns[0], task.Columns[1], task.Columns[2], task.Header)),
        _ => throw new InvalidOperationException($"Task {task.Name} names an unknown layout '{task.Layout}'."),
    };
}
