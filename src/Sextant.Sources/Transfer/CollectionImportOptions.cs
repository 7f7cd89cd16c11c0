namespace Sextant.Sources.Transfer;

/// <summary>How a file of another program becomes a collection.</summary>
public sealed record CollectionImportOptions
{
    /// <summary>The format; by the file's name when <see langword="null"/>.</summary>
    public InterchangeFormat? Format { get; init; }

    /// <summary>
    /// A JSON Lines file with <c>text</c>, and if they are there <c>id</c> and <c>metadata</c>, of each row of a file of vectors. Without
    /// it, texts are empty.
    /// </summary>
    public string? TextsFile { get; init; }

    /// <summary>
    /// Options to open the collection. Its model is the one that produced the vectors; without a model, a new collection holds vectors
    /// only, and a search by text fails with an explanation.
    /// </summary>
    public SemanticSearchEngineOptions? Engine { get; init; }
}
