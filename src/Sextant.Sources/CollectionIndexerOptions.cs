namespace Sextant.Sources;

/// <summary>How sources become documents.</summary>
public sealed record CollectionIndexerOptions
{
    /// <summary>How files are read.</summary>
    public SourceReaderOptions? Reader { get; init; }

    /// <summary>
    /// What the source is called in the collection, in place of its location: under the same name it is the same source wherever it is
    /// read from. For one source at a time.
    /// </summary>
    /// <value>The full path of each file, with links followed.</value>
    public string? SourceName { get; init; }

    /// <summary>
    /// The most tokens of one document; longer texts become several. 0 leaves texts whole. Never more than the model reads.
    /// </summary>
    /// <value>256, where the model can count tokens.</value>
    public int? ChunkTokens { get; init; }

    /// <summary>How many tokens of one part the next begins with again.</summary>
    /// <value>0.</value>
    public int OverlapTokens { get; init; }

    /// <summary>How many documents are written at once: what an interruption can cost.</summary>
    /// <value>1,024.</value>
    public int BatchSize { get; init; } = 1024;
}
