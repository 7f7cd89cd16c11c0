using Microsoft.Extensions.AI;
using Sextant.Models;
using Sextant.Text;

namespace Sextant.Server.Models;

/// <summary>A model that clients may name, with its pipeline around it.</summary>
internal sealed record ServedModel(string Name, IEmbeddingGenerator<string, Embedding<float>> Generator, ModelProfile? Profile)
{
    private const int CharactersPerToken = 4;

    private readonly ITokenCounter? _counter = Generator.GetService<ITokenCounter>();

    /// <summary>Whether tokens are counted as the model does.</summary>
    public bool CountsExactly => _counter is { IsExact: true };

    /// <summary>How many tokens a text has; a usual estimate where the model does not tell.</summary>
    public int Count(string text) => _counter?.Count(text) ?? (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}
