using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Evaluation;

/// <summary>A model that is measured.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Generator">Its vectors, with the pipeline around it and not cut; it belongs to whoever made it.</param>
public sealed record EvaluationModel(string Name, IEmbeddingGenerator<string, Embedding<float>> Generator)
{
    /// <summary>Dollars for a million tokens: 0 for a model that runs here, <see langword="null"/> when it is not known.</summary>
    public decimal? UsdPerMillionTokens { get; init; }

    internal ModelProfile? Profile => Generator.GetService<ModelProfile>();
}
