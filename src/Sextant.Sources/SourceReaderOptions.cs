namespace Sextant.Sources;

/// <summary>How sources are read.</summary>
public sealed record SourceReaderOptions
{
    /// <summary>
    /// The field that holds the text of a row; several joined by <c>+</c> (<c>title+body</c>) are read one below the other.
    /// </summary>
    /// <value>
    /// The first that the file has of <c>text</c>, <c>content</c>, <c>body</c>, <c>passage</c>, <c>sentence</c>, <c>document</c>,
    /// <c>question+answer</c>, <c>description</c>, <c>abstract</c>, <c>message</c>, <c>comment</c>, <c>review</c>, <c>summary</c>,
    /// <c>question</c>, <c>title</c>; else the only field that there is besides <c>id</c>.
    /// </value>
    public string? TextField { get; init; }

    /// <summary>The field that names a row.</summary>
    /// <value><c>id</c> or <c>_id</c> where a row has one, else a name made from source and text.</value>
    public string? IdField { get; init; }

    /// <summary>What one text of a plain text file is.</summary>
    /// <value><see cref="PlainTextUnit.Paragraph"/>.</value>
    public PlainTextUnit PlainText { get; init; } = PlainTextUnit.Paragraph;

    /// <summary>
    /// Whether rows that cannot be read, and files of a folder that cannot be opened, are passed over and counted instead of
    /// ending the reading.
    /// </summary>
    public bool SkipBad { get; init; }
}
