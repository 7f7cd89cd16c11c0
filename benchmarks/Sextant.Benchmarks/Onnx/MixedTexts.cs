using System.Text.Json;
using Sextant.Benchmarks.Ann;

namespace Sextant.Benchmarks.Onnx;

/// <summary>
/// Pieces of the example corpora, from 3 words to 200, short ones often and long ones seldom, in no order, as texts come.
/// </summary>
internal static class MixedTexts
{
    public static string[] Draw(int count)
    {
        string examples = Path.Combine(Contenders.PeersFolder(), "../../examples");
        string[] words =
        [
            .. new[] { ("faq.jsonl", "answer"), ("almanac.jsonl", "text") }
                .SelectMany(file =>
                    File.ReadLines(Path.Combine(examples, file.Item1))
                        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty(file.Item2))
                )
                .SelectMany(static text => text.GetString()!.Split(' ')),
        ];
        var random = new Random(7);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    // Uniform in the logarithm.
                    int length = (int)(3 * Math.Exp(random.NextDouble() * Math.Log(200 / 3d)));
                    return string.Join(' ', words, random.Next(words.Length - length), length);
                }),
        ];
    }
}
