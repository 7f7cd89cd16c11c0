using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Evaluation;

/// <summary>A model to evaluate.</summary>
/// <param name="Name">The name of the model in the table.</param>
/// <param name="Generator">The generator with its pipeline, at full dimensions; its creator disposes it.</param>
public sealed record EvaluationModel(string Name, IEmbeddingGenerator<string, Embedding<float>> Generator)
{
    /// <summary>Dollars for a million tokens: 0 for a model that runs here, <see langword="null"/> when it is not known.</summary>
    public decimal? UsdPerMillionTokens { get; init; }

    internal ModelProfile? Profile => Generator.GetService<ModelProfile>();
}
