namespace Sextant.Text;

/// <summary>How sources are read.</summary>
public sealed record SourceReaderOptions
{
    /// <summary>The field that holds the text of a row.</summary>
    /// <value><c>text</c>.</value>
    public string? TextField { get; init; }

    /// <summary>The field that names a row.</summary>
    /// <value><c>id</c> where a row has one, else file and line.</value>
    public string? IdField { get; init; }

    /// <summary>Whether rows that cannot be read are passed over and counted instead of ending the reading.</summary>
    public bool SkipBad { get; init; }
}
