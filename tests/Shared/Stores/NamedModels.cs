using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Tests.Shared.Models;
using Sextant.Tests.Shared.Search;

namespace Sextant.Tests.Shared.Stores;

/// <summary>Three models under their names: two of one length, and one of another. Texts that share words are near by each.</summary>
internal sealed class NamedModels : IModelProvider
{
    public const string First = "first-words",
        Second = "second-words",
        Short = "short-words";

    private readonly Dictionary<string, FakeGenerator> _models;

    /// <param name="before">Runs before each answer of any model.</param>
    public NamedModels(Func<string, Task>? before = null) =>
        _models = new[] { First, Second, Short }.ToDictionary(
            name => name,
            name => new FakeGenerator
            {
                Profile = new ModelProfile
                {
                    Name = name,
                    Provider = "test",
                    Dimensions = Dimensions(name),
                },
                Embed = text => Embed(name, text),
                Before = (_, _) => before?.Invoke(name) ?? Task.CompletedTask,
            }
        );

    public FakeGenerator this[string name] => _models[name];

    /// <summary>The vector of a text, of length 1.</summary>
    public static float[] Unit(string model, string text)
    {
        float[] vector = Embed(model, text);
        Sextant.Numerics.VectorMath.Normalize(vector);
        return vector;
    }

    public bool Handles(string name) => _models.ContainsKey(name);

    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult<IEmbeddingGenerator<string, Embedding<float>>>(_models[name]);

    /// <summary>Opens a collection with its own model or, for a new one, with <paramref name="model"/>.</summary>
    public SemanticSearchEngineOptions Options(string? model = null) =>
        new()
        {
            Model = model,
            Models = new ModelRegistry([this]),
            Pipeline = new EmbeddingPipelineOptions { UseCache = false },
        };

    private static int Dimensions(string name) => name == Short ? WordModel.Dimensions / 2 : WordModel.Dimensions;

    private static float[] Embed(string model, string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return WordModel.Embed(string.Join(' ', words.Select(word => $"{word}-{model}")))[..Dimensions(model)];
    }
}
