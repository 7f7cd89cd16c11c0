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
    /// Whether these texts are certainly within the limits and the response reports their tokens: a static model spends as much time on
    /// tokenization as on summation, so counting first would double its work.
    /// </summary>
    /// <param name="texts">The texts of one request.</param>
    /// <param name="most">The maximum total number of tokens.</param>
    public bool CountsByItself(IReadOnlyList<string> texts, int most) =>
        Profile?.MaxTokens is null
        && Generator.GetService<StaticEmbeddingModel>() is not null
        && texts.Sum(static text => (long)text.Length) * ITokenCounter.MaxTokensPerChar <= most;

    /// <summary>The number of tokens of a text; a common estimate if the model has no tokenizer.</summary>
    public int Count(string text) => _counter?.Count(text) ?? (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}
