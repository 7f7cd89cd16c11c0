using System.IO.Compression;
using Sextant.Evaluation.Data;
using Sextant.Tests.Shared;

namespace Sextant.Evaluation.Tests.Data;

public sealed class TaskDataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void BEIR_folder_is_a_retrieval_task()
    {
        Write(
            "beir/corpus.jsonl",
            """
            {"_id":"d1","title":"Refunds","text":"within five days"}
            {"_id":"d2","title":"","text":"parcels"}
            """
        );
        Write("beir/queries.jsonl", "{\"_id\":\"q1\",\"text\":\"money back\"}\n{\"_id\":\"q2\",\"text\":\"not judged\"}\n");
        Write("beir/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n");

        TaskSource source = TaskFinder.Find(_folder.File("beir"), null).Single();
        EvaluationTask task = source.Load();

        Assert.Equal(("beir", TaskKind.Retrieval, "ndcg_at_10"), (source.Name, task.Kind, task.MainScore));
        Assert.Equal(["Refunds within five days", "parcels"], task.Documents);
        Assert.Equal(["money back"], task.Queries);
    }

    [Theory]
    [InlineData("sts.tsv", "sentence1\tsentence2\tscore\na\tb\t1.5\nc\td\t2\n", TaskKind.Sts)]
    [InlineData(
        "sts.jsonl",
        "{\"sentence1\":\"a\",\"sentence2\":\"b\",\"score\":1}\n{\"sentence1\":\"c\",\"sentence2\":\"d\",\"score\":3}\n",
        TaskKind.Sts
    )]
    [InlineData("pairs.jsonl", "{\"sentence1\":[\"a\",\"c\"],\"sentence2\":[\"b\",\"d\"],\"labels\":[1,0]}\n", TaskKind.PairClassification)]
    [InlineData("rank.jsonl", "{\"query\":\"a\",\"positive\":[\"b\"],\"negative\":[\"c\",\"d\"]}\n", TaskKind.Reranking)]
    [InlineData("groups.csv", "text,label\na,x\nb,y\nc,x\nd,y\n", TaskKind.Clustering)]
    public void Task_type_follows_from_the_columns(string name, string content, TaskKind kind)
    {
        EvaluationTask task = TaskFinder.Find(Write(name, content), null).Single().Load();

        Assert.Equal(kind, task.Kind);
        Assert.Equal(["a", "b", "c", "d"], task.Documents.Concat(task.Queries).Order());
    }

    [Fact]
    public void Pairs_are_read_from_a_compressed_table_with_semicolons()
    {
        string path = _folder.File("faq.csv.gz");
        using (StreamWriter writer = new(new GZipStream(File.Create(path), CompressionMode.Compress)))
            writer.Write("question;answer\nhow?;so, so\nwhy?;because\n");
        EvaluationTask task = PairsFile.Open(path).Load();

        Assert.Equal(["so, so", "because"], task.Documents);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..30]);
        Assert.Contains(
            $"{path}: the .gz file is damaged",
            Assert.Throws<InputException>(() => PairsFile.Open(path).Load()).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("sts.tsv", "sentence1\tsentence2\tscore\na\tb\t2\nc\td\t2\n", "all 2 pairs have the score 2")]
    [InlineData("sts.tsv", "sentence1\tsentence2\tscore\na\tb\t2\n", "1 pairs")]
    [InlineData("pairs.tsv", "sentence1\tsentence2\tlabel\na\tb\t1\nc\td\t1\n", "all pairs belong together")]
    [InlineData("pairs.tsv", "sentence1\tsentence2\tlabel\na\tb\t0\nc\td\t0\n", "no pair belongs together")]
    [InlineData("groups.csv", "text,label\na,x\nb,x\n", "all 2 texts have the label 'x'")]
    [InlineData("rank.jsonl", "{\"query\":\"a\",\"positive\":[],\"negative\":[\"c\"]}\n", "no judgment is above 0")]
    [InlineData("rank.jsonl", "{\"query\":\"a\",\"positive\":[\"c\"],\"negative\":[]}\n", "every candidate is relevant")]
    public void Rows_that_allow_no_score_are_an_error_with_the_file_name(string name, string content, string expected)
    {
        string path = Write(name, content);
        string message = Assert.Throws<InputException>(() => TaskFinder.Find(path, null).Single().Load()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "q1\td1\t1", "the corpus is empty")]
    [InlineData("{\"_id\":\"d1\",\"text\":\"x\"}", "q1\tD1\t1", "for none of the 1 document (the first is for 'D1')")]
    [InlineData("{\"_id\":\"d1\",\"text\":\"x\"}", "Q1\td1\t1", "for none of the 1 query (the first is for 'Q1')")]
    [InlineData("{\"_id\":\"d1\",\"text\":\"x\"}", "q1\td1\t0", "no judgment is above 0")]
    [InlineData("{\"_id\":\"d1\",\"text\":\"x\"}", "", "there are no judgments")]
    public void Unreachable_judgments_are_an_error(string corpus, string qrels, string expected)
    {
        Write("beir/corpus.jsonl", corpus);
        Write("beir/queries.jsonl", "{\"_id\":\"q1\",\"text\":\"y\"}");
        Write("beir/qrels/test.tsv", "query_id\tdoc_id\trelevance\n" + qrels);
        Assert.Contains(
            expected,
            Assert.Throws<InputException>(() => TaskFinder.Find(_folder.File("beir"), null).Single().Load()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Judgments_of_missing_documents_and_labels_without_training_are_noted()
    {
        Write("beir/corpus.jsonl", "{\"_id\":\"d1\",\"text\":\"x\"}\n{\"_id\":\"d2\",\"text\":\"z\"}");
        Write("beir/queries.jsonl", "{\"_id\":\"q1\",\"text\":\"y\"}");
        Write("beir/qrels/test.tsv", "q1\td1\t0.5\nq1\tgone\t0.9\nq2\td2\t1\n");
        Write("mood/train.csv", "text,label\ngood,1\nbad,0\n");
        Write("mood/test.csv", "text,label\nfine,1\nodd,2\n");

        Assert.Equal(
            [
                "1 judged query is not among the queries, such as 'q2'",
                "1 relevant document is not in the corpus, such as 'gone', and can never be found",
            ],
            TaskFinder.Find(_folder.File("beir"), null).Single().Load().Notes
        );
        Assert.StartsWith(
            "1 of 2 test texts have a label that does not occur in training, such as '2'",
            Assert.Single(TaskFinder.Find(_folder.File("mood"), null).Single().Load().Notes),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Constant_cosines_have_no_correlation_and_the_reason_is_reported()
    {
        EvaluationTask task = TaskFinder
            .Find(Write("sts.tsv", "sentence1\tsentence2\tscore\na\ta\t1\nb\tb\t2\nc\tc\t3\n"), null)
            .Single()
            .Load();
        TaskScores scores = task.Score(
            EmbeddingTable.Take([], 2),
            EmbeddingTable.Take([1, 2, 1, 2, 3, 1, 3, 1, 0.3f, 7, 0.3f, 7], 2),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(double.NaN, scores.Scores["cosine_spearman"]);
        Assert.Contains("the cosine 1,", Assert.Single(scores.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_with_train_and_test_files_is_classification()
    {
        Write("mood/train.csv", "text,label\ngood,1\nbad,0\n");
        Write("mood/test.csv", "text,label\nfine,1\n");

        TaskSource source = TaskFinder.Find(_folder.File("mood"), null).Single();

        Assert.Equal(("mood", TaskKind.Classification, "accuracy"), (source.Name, source.Kind, source.Load().MainScore));
    }

    [Theory]
    [InlineData("question,answer\nq1,a1\nq2,a2\nq1,a2\n", 2, 2)]
    [InlineData("Where is my parcel now?,we send a link\nHow do I get my money back?,within five days\n", 2, 2)]
    [InlineData("topic,question,answer\nx,q1,a1\ny,q2,a1\nz,q3,a3\n", 3, 2)]
    public void Pairs_become_queries_and_distinct_answers(string content, int questions, int answers)
    {
        EvaluationTask task = PairsFile.Open(Write("faq.csv", content)).Load();

        Assert.Equal((questions, answers), (task.Queries.Count, task.Documents.Count));
    }

    [Theory]
    [InlineData("faq.csv", "x,y,z\n1,2,3\n", "question")]
    [InlineData("faq.csv", "question,answer\nq1,\n", "faq.csv:2")]
    [InlineData("faq.csv", "question,answer\nq1,a1\n", "two different")]
    [InlineData("faq.jsonl", "{\"question\":\n", "faq.jsonl:1")]
    [InlineData("faq.xlsx", "x", ".csv, .tsv, .jsonl or .parquet")]
    public void Invalid_pairs_are_reported_with_location_and_fix(string name, string content, string expected)
    {
        string path = Write(name, content);

        InputException error = Assert.Throws<InputException>(() => PairsFile.Open(path).Load());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_that_is_not_a_number_is_reported_with_file_and_line()
    {
        string path = Write("sts.tsv", "sentence1\tsentence2\tscore\na\tb\t1\nc\td\thigh\n");

        InputException error = Assert.Throws<InputException>(() => TaskFinder.Find(path, null).Single().Load());

        Assert.Contains("sts.tsv:3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_task_is_rejected_with_the_known_names()
    {
        InputException error = Assert.Throws<InputException>(() => TaskFinder.Find("stsbench", null));

        Assert.Contains("stsbenchmark", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Published_scores_are_for_known_tasks_and_cite_their_source()
    {
        string[] names = [.. TaskDescription.All.Where(task => task.Mteb is not null).Select(task => task.Name)];

        Assert.All(
            PublishedScores.Default.Models,
            model =>
            {
                Assert.NotEmpty(model.Scores);
                Assert.All(model.Scores, score => Assert.Contains(score.Key, names));
                Assert.All(model.Scores.Values, score => Assert.InRange(score, 0, 1));
                Assert.Equal(model.Scores.Keys, model.Files.Keys);
            }
        );
    }

    [Fact]
    public void Every_public_data_set_is_read_completely()
    {
        Assert.SkipWhen(TestData.Folder is null, "the folder of public data sets is not there");
        (string Name, int Queries, int Documents)[] expected =
        [
            ("stsbenchmark", 0, 2 * 1379),
            ("sick", 0, 2 * 4927),
            ("scifact", 300, 5183),
            ("cranfield", 225, 1400),
            ("stackfaq", 1249, 125),
            ("banking77", 0, 10003 + 3080),
            ("clinc150", 0, 15000 + 4500),
            ("trec", 0, 5452 + 500),
            ("sst2", 0, 6920 + 1821),
            ("emotion", 0, 3257 + 1421),
            ("clustering-stackoverflow", 0, 20000),
            ("quora-pairs", 0, 2 * 10000),
        ];
        Dictionary<string, TaskSource> found = TaskFinder.FindIn(TestData.Folder).ToDictionary(source => source.Name);

        Assert.Equal(TaskDescription.All.Select(task => task.Name).Order(), found.Keys.Order());
        foreach ((string name, int queries, int documents) in expected)
        {
            EvaluationTask task = found[name].Load();
            Assert.Equal((name, queries, documents), (name, task.Queries.Count, task.Documents.Count));
        }
    }

    private string Write(string name, string content)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
