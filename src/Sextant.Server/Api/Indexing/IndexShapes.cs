using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sextant.Sources.Reading;

namespace Sextant.Server.Api.Indexing;

/// <summary>What indexing a file would store.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Texts">The number of texts in it; long ones are split when they are indexed.</param>
/// <param name="Samples">The first texts, whole.</param>
/// <param name="SkippedCount">The number of rows that cannot be read.</param>
/// <param name="Skipped">The first 1,000 of them.</param>
/// <param name="Warnings">What should be known of the file.</param>
internal sealed record IndexPreview(
    string File,
    long Texts,
    IReadOnlyList<IndexSample> Samples,
    int SkippedCount,
    IReadOnlyList<SkippedBody> Skipped,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>How each column of a table, or field of a row, is used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ColumnBody>? Columns { get; init; }

    /// <summary>Why the file cannot be indexed until <c>text_field</c> names a column.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }
}

/// <summary>A text as it would be stored.</summary>
internal sealed record IndexSample(string Id, string Text, JsonObject Metadata);

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role"><c>text</c>, <c>id</c> or <c>metadata</c>.</param>
/// <param name="Type">Of metadata: <c>text</c>, <c>number</c>, <c>boolean</c>, <c>list</c>, <c>object</c> or <c>mixed</c>.</param>
internal sealed record ColumnBody(
    string Name,
    string Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type
);

/// <summary>A row that was skipped.</summary>
/// <param name="Line">Its line, from 1; 0 for the file.</param>
/// <param name="Reason">Why.</param>
internal sealed record SkippedBody(int Line, string Reason)
{
    public static IReadOnlyList<SkippedBody> Create(IEnumerable<SkippedRow> rows) =>
        [.. rows.Select(static row => new SkippedBody(row.Line, row.Reason))];
}

/// <summary>A line of the answer while a file is indexed.</summary>
/// <param name="Read">Texts read, after long ones were split.</param>
/// <param name="Indexed">Texts stored.</param>
/// <param name="AllRead">Whether the file was read to its end, so that <paramref name="Read"/> is the total.</param>
internal sealed record IndexStep(long Read, long Indexed, bool AllRead);

/// <summary>The last line of the answer.</summary>
/// <param name="Added">New texts.</param>
/// <param name="Updated">Changed texts.</param>
/// <param name="Unchanged">Texts that were stored already.</param>
/// <param name="Removed">Texts of an earlier version of the file that it no longer has.</param>
/// <param name="Documents">The number of documents of the collection.</param>
/// <param name="SkippedCount">The number of rows that could not be read.</param>
/// <param name="Skipped">The first 1,000 of them.</param>
/// <param name="Warnings">What should be known of the file.</param>
internal sealed record IndexReport(
    long Added,
    long Updated,
    long Unchanged,
    long Removed,
    long Documents,
    int SkippedCount,
    IReadOnlyList<SkippedBody> Skipped,
    IReadOnlyList<string> Warnings
);
