using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>The file forms that named tasks come in.</summary>
internal static class DataLayouts
{
    public static EvaluationTask Load(TaskDescription task, IReadOnlyList<string> files) =>
        task.Layout switch
        {
            "scored-lines" when task.Kind == TaskKind.PairClassification => new PairClassificationTask(Pairs(task, files[0])),
            "scored-lines" => new StsTask(Pairs(task, files[0])),
            "word-lists" => new WordSimilarityTask([
                .. files.Select(file => KeyValuePair.Create(Path.GetFileNameWithoutExtension(file), Pairs(task, file))),
            ]),
            "label-first-lines" => new ClassificationTask(LabeledReader.LabelFirst(files[0]), LabeledReader.LabelFirst(files[1])),
            "text-category-csv" => new ClassificationTask(
                LabeledReader.Table(files[0], "text", "category"),
                LabeledReader.Table(files[1], "text", "category")
            ),
            "json-parts" => new ClassificationTask(LabeledReader.JsonPart(files[0], "train"), LabeledReader.JsonPart(files[0], "test")),
            "parallel-lines" when task.Kind == TaskKind.Clustering => new ClusteringTask(LabeledReader.Parallel(files[0], files[1])),
            "parallel-lines" => new ClassificationTask(
                LabeledReader.Parallel(files[0], files[1]),
                LabeledReader.Parallel(files[2], files[3])
            ),
            "scifact-zip" => SciFactArchive.Read(files[0]),
            "smart" => SmartCollection.Read(files[0], files[1], files[2]),
            "faq-xml" => FaqThreads.Read(files[0], task.MainScore),
            _ => throw new InvalidOperationException($"Task {task.Name} names an unknown layout '{task.Layout}'."),
        };

    private static IReadOnlyList<ScoredPair> Pairs(TaskDescription task, string file) =>
        ScoredPairReader.Read(file, task.Columns[0], task.Columns[1], task.Columns[2], task.Header);
}
