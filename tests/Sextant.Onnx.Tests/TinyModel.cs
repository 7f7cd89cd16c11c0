using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Onnx.Tests;

/// <summary>A copy of one of the small models (see <c>golden/</c>) in a temporary folder, where a test may change it.</summary>
internal sealed class TinyModel : FixtureCopy
{
    public const int Hidden = 32;

    private readonly JsonElement _expected;

    /// <param name="name"><c>bert</c>, <c>roberta</c>, <c>xlmr</c> or <c>mistral</c>.</param>
    public TinyModel(string name)
        : base(name)
    {
        _expected = JsonDocument.Parse(File.ReadAllBytes(PathOf("expected.json"))).RootElement;
        Texts = _expected.GetProperty("texts").Deserialize<string[]>()!;
        Lengths = _expected.GetProperty("lengths").Deserialize<int[]>()!;
    }

    /// <summary>The texts whose vectors are known.</summary>
    public string[] Texts { get; }

    /// <summary>How many tokens the reference makes of each text, special ones included.</summary>
    public int[] Lengths { get; }

    /// <summary>The vectors that torch computed for <see cref="Texts"/>.</summary>
    public float[][] Expected(string pooling)
    {
        float[] all = MemoryMarshal.Cast<byte, float>(_expected.GetProperty(pooling).GetBytesFromBase64()).ToArray();
        return [.. all.Chunk(all.Length / Texts.Length)];
    }

    /// <summary>Makes it a sentence-transformers directory: pooling, and what comes after it.</summary>
    public void AddModules(JsonObject pooling, params string[] after)
    {
        Write("1_Pooling/config.json", pooling);
        string[] types = ["Transformer", "Pooling", .. after];
        Write(
            "modules.json",
            new JsonArray([
                .. types.Select(
                    (type, i) =>
                        new JsonObject
                        {
                            ["idx"] = i,
                            ["name"] = $"{i}",
                            ["path"] = i == 0 ? "" : $"{i}_{type}",
                            // Both ways that the libraries of the years have named their classes.
                            ["type"] =
                                i % 2 == 0
                                    ? $"sentence_transformers.models.{type}"
                                    : $"sentence_transformers.sentence_transformer.modules.x.{type}",
                        }
                ),
            ])
        );
    }

    /// <summary>The vectors of <paramref name="texts"/>, asked for at once.</summary>
    public async Task<float[][]> EmbedAsync(IEnumerable<string> texts, EmbeddingRole role = EmbeddingRole.Document, string graph = "")
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await OpenAsync(graph);
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
            texts,
            new EmbeddingGenerationOptions().WithRole(role),
            TestContext.Current.CancellationToken
        );
        return [.. vectors.Select(static vector => vector.Vector.ToArray())];
    }

    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string graph = "") =>
        new OnnxModelProvider().OpenAsync(PathOf(graph), TestContext.Current.CancellationToken);

    /// <summary>Holds vectors against those that are right.</summary>
    public static void AssertClose(float[][] expected, float[][] actual, float tolerance = 1e-4f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Length, actual[i].Length);
            float worst = expected[i].Zip(actual[i], static (a, b) => MathF.Abs(a - b)).Max();
            Assert.True(worst <= tolerance, $"text {i}: off by {worst}");
        }
    }
}
