using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models.Static;
using Sextant.Tokenizers;

namespace Sextant.Server.Models;

/// <summary>A model that clients may name, with its pipeline around it.</summary>
internal sealed record ServedModel(string Name, IEmbeddingGenerator<string, Embedding<float>> Generator, ModelProfile? Profile)
{
    private const int CharactersPerToken = 4;

    private readonly ITokenCounter? _counter = Generator.GetService<ITokenCounter>();

    /// <summary>Whether tokens are counted as the model does.</summary>
    public bool CountsExactly => _counter is { IsExact: true };

    /// <summary>
    /// Whether these texts surely keep to the limits and the answer to them tells their tokens: a static model takes as long to cut texts into tokens
    /// as to sum them up, so counting beforehand would double its work.
    /// </summary>
    /// <param name="texts">The texts of one request.</param>
    /// <param name="most">The most tokens that they may have together.</param>
    public bool CountsByItself(IReadOnlyList<string> texts, int most) =>
        Profile?.MaxTokens is null && Generator.GetService<StaticEmbeddingModel>() is not null
        && texts.Sum(static text => (long)text.Length) * ITokenCounter.MaxTokensPerChar <= most;

    /// <summary>How many tokens a text has; a usual estimate where the model does not tell.</summary>
    public int Count(string text) => _counter?.Count(text) ?? (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}
