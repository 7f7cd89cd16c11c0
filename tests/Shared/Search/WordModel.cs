using System.IO.Hashing;
using System.Text;
using Sextant.Embedding;
using Sextant.Tests.Shared.Models;

namespace Sextant.Tests.Shared.Search;

/// <summary>A model without weights: each word has a fixed direction, and a text is their sum. Texts that share words are near.</summary>
internal static class WordModel
{
    public const int Dimensions = 32;

    public static FakeGenerator Create(string name = "words") =>
        new()
        {
            Profile = new ModelProfile
            {
                Name = name,
                Provider = "test",
                Dimensions = Dimensions,
            },
            Embed = Embed,
        };

    /// <summary>Options that open a collection with this model and write nothing outside it.</summary>
    public static SemanticSearchEngineOptions Options(FakeGenerator? generator = null) =>
        new()
        {
            Generator = generator ?? Create(),
            Pipeline = new EmbeddingPipelineOptions { UseCache = false },
        };

    public static float[] Embed(string text)
    {
        float[] vector = new float[Dimensions];
        foreach (string word in text.ToLowerInvariant().Split([' ', '?', '.', ',', '!'], StringSplitOptions.RemoveEmptyEntries))
        {
            Random direction = new((int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(word)));
            for (int i = 0; i < vector.Length; i++)
                vector[i] += (direction.NextSingle() * 2) - 1;
        }

        return vector;
    }
}
