using System.Text.Json;

namespace Sextant.Server;

/// <summary>
/// The requests of the <see cref="WarmUp"/>. The compiler optimizes for what it observes, so they are like real ones: texts of many lengths
/// with words that the model knows and others, and a graph that takes steps to search.
/// </summary>
internal static class WarmUpRequests
{
    public const string Collection = "v1/collections/warm";
    public const string Documents = Collection + "/documents";

    private const int DocumentCount = 2_500,
        RequestCount = 240,
        ReplacedAtOnce = 5,
        EmbeddedAtOnce = 16,
        LongestText = 30;

    private static readonly string[] Words =
        "refunds reach your card within five days parcels arrive on Tuesday the password is wrong choose another Zürich".Split(' ');

    private static readonly string[] Syllables = "ka lo mi ter sun der ba qu ex yo ph ing".Split(' ');

    /// <summary>The documents of the collection: enough for a graph, which small collections do without.</summary>
    public static object FirstDocuments()
    {
        Random random = new(1);
        return ManyDocuments(DocumentCount, random);
    }

    /// <summary>Searches, embeddings in both formats, and now and then some documents.</summary>
    public static (string Path, byte[] Body)[] Create()
    {
        Random random = new(2);
        return [.. Enumerable.Range(0, RequestCount).Select(i => Create(i, random))];
    }

    private static (string Path, byte[] Body) Create(int i, Random random)
    {
        if (i % 40 == 0)
            return (Documents, JsonSerializer.SerializeToUtf8Bytes(ManyDocuments(ReplacedAtOnce, random)));
        return (i % 8) switch
        {
            5 => Search(
                new
                {
                    query = Text(random),
                    k = 10,
                    filter = "number < 300",
                    mode = "hybrid",
                }
            ),
            6 => Embed("base64"),
            7 => Embed("float"),
            _ => Search(new { query = Text(random), k = 10 }),
        };

        (string, byte[]) Embed(string format)
        {
            string[] input = [.. Enumerable.Range(0, EmbeddedAtOnce).Select(_ => Text(random))];
            return (
                "v1/embeddings",
                JsonSerializer.SerializeToUtf8Bytes(
                    new
                    {
                        input,
                        model = "sextant-small",
                        encoding_format = format,
                    }
                )
            );
        }
    }

    private static object ManyDocuments(int count, Random random) =>
        new
        {
            documents = Enumerable
                .Range(0, count)
                .Select(i => new
                {
                    id = $"{i}",
                    text = Text(random),
                    metadata = new { topic = Words[i % Words.Length], number = i },
                })
                .ToArray(),
        };

    private static (string Path, byte[] Body) Search<T>(T search) => (Collection + "/search", JsonSerializer.SerializeToUtf8Bytes(search));

    private static string Text(Random random) =>
        string.Join(' ', Enumerable.Range(0, 1 + random.Next(LongestText)).Select(_ => Word(random)));

    private static string Word(Random random) =>
        random.Next(3) > 0
            ? Words[random.Next(Words.Length)]
            : string.Concat(Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Syllables[random.Next(Syllables.Length)]));
}
