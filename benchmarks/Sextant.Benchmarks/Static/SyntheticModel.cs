using System.Text;
using Sextant.Models.Safetensors;

namespace Sextant.Benchmarks.Static;

/// <summary>
/// A static model of 40,000 made-up words × 256 dimensions in int8, the size of the built-in one, and sentences whose words fall
/// as Zipf says they do, so that the table is read with a real text's misses. For builds without a built-in model; the same everywhere.
/// </summary>
internal sealed class SyntheticModel : IDisposable
{
    private const int Words = 40_000,
        Dimensions = 256;

    private static readonly string[] Vocabulary = MakeWords();

    private readonly string _folder = Directory.CreateTempSubdirectory("sextant-bench-").FullName;

    public string Write()
    {
        var random = new Random(1);
        sbyte[] rows = new sbyte[Words * Dimensions];
        random.NextBytes((byte[])(Array)rows);
        float[] weights = [.. Enumerable.Range(0, Words).Select(_ => random.NextSingle())];
        var writer = new SafetensorsWriter();
        writer.Add("embeddings", [Words, Dimensions], rows);
        writer.Add("weights", [Words], weights, SafetensorsType.F16);
        writer.Save(Path.Combine(_folder, "model.safetensors"));
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{"model_type":"model2vec","normalize":true}""");
        File.WriteAllLines(Path.Combine(_folder, "vocab.txt"), Vocabulary);
        return _folder;
    }

    /// <summary>Sentences of 6 to 14 words, a capital in front and a full stop behind.</summary>
    public static string[] Sentences(int count)
    {
        var random = new Random(2);
        var builder = new StringBuilder();
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    builder.Clear();
                    for (int i = random.Next(6, 15); i > 0; i--)
                    {
                        // Zipf by inversion: the rank is uniform in its logarithm.
                        int rank = (int)Math.Exp(random.NextDouble() * Math.Log(Words - 3)) + 1;
                        builder.Append(Vocabulary[rank]).Append(i == 1 ? '.' : ' ');
                    }

                    builder[0] = char.ToUpperInvariant(builder[0]);
                    return builder.ToString();
                }),
        ];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] MakeWords()
    {
        var random = new Random(3);
        var words = new HashSet<string>(StringComparer.Ordinal) { "[UNK]", "." };
        while (words.Count < Words)
        {
            // Frequent words are short.
            int length = random.Next(2, 4 + (int)Math.Log2(words.Count));
            words.Add(
                string.Create(
                    length,
                    random,
                    static (span, r) =>
                    {
                        for (int i = 0; i < span.Length; i++)
                        {
                            span[i] = (char)('a' + r.Next(26));
                        }
                    }
                )
            );
        }

        return [.. words];
    }
}
