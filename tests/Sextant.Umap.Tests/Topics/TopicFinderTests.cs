using Sextant.Umap.Topics;

namespace Sextant.Umap.Tests.Topics;

public sealed class TopicFinderTests
{
    private const int Dimensions = 16;

    private static readonly string[] Subjects = ["password", "refund", "delivery"];

    [Fact]
    public async Task Topics_are_found_named_and_sorted_by_size()
    {
        (string[] texts, float[] vectors) = Rows(30, 50, 70);

        TopicOverview overview = await TopicFinder.FindAsync(
            texts,
            vectors,
            Dimensions,
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(["delivery", "refund", "password"], overview.Topics.Select(topic => topic.Phrases[0]));
        Assert.Equal(texts.Length, overview.Topics.Sum(topic => topic.Size) + overview.Noise);
        Assert.All(overview.Topics, topic => Assert.All(topic.Rows, row => Assert.Equal(topic.Number, overview.Labels[row])));
        Assert.All(overview.Topics, topic => Assert.Equal(topic.Rows.Take(3), topic.Representatives));
    }

    [Fact]
    public async Task One_seed_finds_the_same_topics_on_any_number_of_threads()
    {
        (string[] texts, float[] vectors) = Rows(40, 40, 40);

        TopicOverview one = await FindAsync(new() { MaxDegreeOfParallelism = 1 }),
            two = await FindAsync(new() { MaxDegreeOfParallelism = 2 });

        Assert.Equal(one.Labels, two.Labels);
        Assert.Equal(one.Topics.Select(topic => topic.Name), two.Topics.Select(topic => topic.Name));

        Task<TopicOverview> FindAsync(TopicOptions options) =>
            TopicFinder.FindAsync(texts, vectors, Dimensions, options, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Noise_can_be_assigned_and_phrases_ranked_by_a_model()
    {
        (string[] texts, float[] vectors) = Rows(30, 30, 30);
        string[] embedded = [];

        TopicOverview overview = await TopicFinder.FindAsync(
            [.. texts.Select((text, i) => $"{text} with the {(i % 2 == 0 ? "button" : "menu")}.")],
            vectors,
            Dimensions,
            new()
            {
                AssignNoise = true,
                EmbedPhrases = (phrases, _) =>
                {
                    embedded = [.. phrases];
                    return Task.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>([.. phrases.Select(Direction)]);
                },
            },
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(0, overview.Noise);
        Assert.Superset(Subjects.ToHashSet(), embedded.ToHashSet());
        Assert.Equal(Subjects.Order(), overview.Topics.Select(topic => topic.Phrases[0]).Order());
    }

    [Fact]
    public async Task Too_few_texts_have_no_topics()
    {
        TopicOverview overview = await TopicFinder.FindAsync(
            ["one", "two"],
            new float[] { 1, 0, 0, 1 },
            2,
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Empty(overview.Topics);
        Assert.Equal(2, overview.Noise);
    }

    private static ReadOnlyMemory<float> Direction(string phrase)
    {
        float[] vector = new float[Dimensions];
        vector[Math.Max(0, Array.IndexOf(Subjects, phrase))] = 1;
        if (!Subjects.Contains(phrase))
            vector[^1] = 3;
        return vector;
    }

    private static (string[] Texts, float[] Vectors) Rows(params int[] sizes)
    {
        Random random = new(5);
        List<string> texts = [];
        List<float> vectors = [];
        for (int subject = 0; subject < sizes.Length; subject++)
        {
            for (int i = 0; i < sizes[subject]; i++)
            {
                texts.Add($"The {Subjects[subject]} of order {i}");
                vectors.AddRange(Enumerable.Range(0, Dimensions).Select(d => (d == subject ? 3f : 0f) + random.NextSingle()));
            }
        }

        return ([.. texts], [.. vectors]);
    }
}
