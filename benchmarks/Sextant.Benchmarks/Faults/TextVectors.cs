using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Search;

namespace Sextant.Benchmarks.Faults;

/// <summary>
/// A model without weights whose vector follows from the text alone: words have fixed directions, and a text is their sum.
/// </summary>
/// <param name="name">Another name is another model, with other directions.</param>
internal sealed class TextVectors(string name = TextVectors.DefaultName) : IEmbeddingGenerator<string, Embedding<float>>
{
    public const int Dimensions = 32;
    public const string DefaultName = "text-vectors";

    private readonly ModelProfile _profile = new()
    {
        Name = name,
        Provider = "test",
        Dimensions = Dimensions,
    };

    /// <summary>Options that open a collection with this model and write nothing outside it.</summary>
    public static SemanticSearchEngineOptions Options(string name = DefaultName, params CollectionProvider[] collections) =>
        new()
        {
            Generator = new TextVectors(name),
            Pipeline = new EmbeddingPipelineOptions { UseCache = false },
            CollectionProviders = collections,
        };

    /// <summary>The vector of a text, of length 1.</summary>
    public static float[] Unit(string text, string name = DefaultName)
    {
        float[] vector = Embed(text, name);
        VectorMath.Normalize(vector);
        return vector;
    }

    /// <summary>How similar two texts are.</summary>
    public static float Cosine(string a, string b) => VectorMath.Dot(Unit(a), Unit(b));

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Embed(text, name)))));

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ModelProfile) ? _profile : null;

    public void Dispose() { }

    private static float[] Embed(string text, string name)
    {
        float[] vector = new float[Dimensions];
        long seed = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name.AsSpan()));
        foreach (string word in text.ToLowerInvariant().Split([' ', '?', '.', ',', '!'], StringSplitOptions.RemoveEmptyEntries))
        {
            long direction = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(word.AsSpan()), seed);
            for (int i = 0; i < vector.Length; i++)
            {
                direction = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new Span<long>(ref direction)), seed);
                vector[i] += (direction >> 40) / (float)(1 << 23);
            }
        }

        return vector;
    }
}
