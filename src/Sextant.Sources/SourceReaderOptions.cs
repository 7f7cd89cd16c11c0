namespace Sextant.Sources;

/// <summary>How sources are read.</summary>
public sealed record SourceReaderOptions
{
    /// <summary>
    /// The field that holds the text of a row; several fields joined by <c>+</c> (<c>title+body</c>) are concatenated on separate lines.
    /// </summary>
    /// <value>
    /// The first of these that the file has: <c>text</c>, <c>content</c>, <c>body</c>, <c>passage</c>, <c>sentence</c>, <c>document</c>,
    /// <c>question+answer</c>, <c>description</c>, <c>abstract</c>, <c>message</c>, <c>comment</c>, <c>review</c>, <c>summary</c>,
    /// <c>question</c>, <c>title</c>; otherwise the only field other than <c>id</c>.
    /// </value>
    public string? TextField { get; init; }

    /// <summary>The field that names a row.</summary>
    /// <value><c>id</c> or <c>_id</c> where a row has one, else a name made from source and text.</value>
    public string? IdField { get; init; }

    /// <summary>The unit of text in a plain text file.</summary>
    /// <value><see cref="PlainTextUnit.Paragraph"/>.</value>
    public PlainTextUnit PlainText { get; init; } = PlainTextUnit.Paragraph;

    /// <summary>
    /// Where the rows of a .json file are, as names with dots between (<c>data.items</c>) or as a JSON pointer (<c>/data/items</c>, RFC
    /// 6901).
    /// </summary>
    /// <value>An array at the top of the file.</value>
    public string? JsonPath { get; init; }

    /// <summary>Globs, relative to each folder that is read, of the only files to read there (<c>**/*.md</c>).</summary>
    /// <value>All files of a kind that is read.</value>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs, relative to each folder that is read, of files and folders to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether files that the .gitignore files of a folder name are left out.</summary>
    public bool UseGitIgnore { get; init; }

    /// <summary>
    /// Whether unreadable rows, and files of a folder that cannot be opened, are skipped and counted instead of being errors.
    /// </summary>
    public bool SkipBad { get; init; }
}
