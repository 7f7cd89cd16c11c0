namespace Sextant.Sources.Reading;

/// <summary>How the columns or fields of a file of rows are used; those that are neither text nor id become metadata.</summary>
/// <param name="Names">The columns, or the fields of the first row.</param>
/// <param name="Text">Those that form the text; empty if none looks like it.</param>
/// <param name="Id">The one that names a row, or <see langword="null"/>.</param>
public sealed record SourceColumns(IReadOnlyList<string> Names, IReadOnlyList<string> Text, string? Id);
