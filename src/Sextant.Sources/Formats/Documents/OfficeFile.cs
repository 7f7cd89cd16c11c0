using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;

namespace Sextant.Sources.Formats.Documents;

/// <summary>What the readers of Office files share: opening, rejecting, and reading the title.</summary>
internal static class OfficeFile
{
    /// <summary>Rejects a part that would unpack to more than any real document has.</summary>
    private static readonly OpenSettings Limits = new() { MaxCharactersInPart = 256L * 1024 * 1024, AutoSave = false };

    public static IEnumerable<SourceDocument> ReadWord(Stream stream, SourceScope scope) =>
        Read(stream, scope, static (bytes, settings) => WordprocessingDocument.Open(bytes, isEditable: false, settings), WordFile.Read);

    public static IEnumerable<SourceDocument> ReadSlides(Stream stream, SourceScope scope) =>
        Read(stream, scope, static (bytes, settings) => PresentationDocument.Open(bytes, isEditable: false, settings), SlideFile.Read);

    public static IEnumerable<SourceDocument> ReadSheets(Stream stream, SourceScope scope) =>
        Read(stream, scope, static (bytes, settings) => SpreadsheetDocument.Open(bytes, isEditable: false, settings), SheetFile.Read);

    /// <summary>The title that the author gave the file, as metadata.</summary>
    public static JsonObject Title(OpenXmlPackage package) =>
        package.PackageProperties.Title is { } title && !string.IsNullOrWhiteSpace(title) ? new() { ["title"] = title.Trim() } : [];

    private static IEnumerable<SourceDocument> Read<T>(
        Stream stream,
        SourceScope scope,
        Func<Stream, OpenSettings, T> open,
        Func<T, SourceScope, IEnumerable<SourceDocument>> read
    )
        where T : OpenXmlPackage
    {
        using T? package = Try(() => open(stream, Limits), scope);
        using IEnumerator<SourceDocument>? documents = package is null ? null : Try(() => read(package, scope).GetEnumerator(), scope);
        // Parts are parsed when they are first looked into, so each step may meet the damage.
        while (documents is not null && Try<object>(() => documents.MoveNext() ? documents : null, scope) is not null)
            yield return documents.Current;
    }

    private static T? Try<T>(Func<T?> step, SourceScope scope)
        where T : class
    {
        try
        {
            return step();
        }
        catch (Exception e) when (e is not (SextantException or UnauthorizedAccessException or OperationCanceledException))
        {
            scope.Bad(
                1,
                $"the file cannot be read ({SourceScope.Reason(e)}); if it opens in its program, save it again without a password",
                e
            );
            return null;
        }
    }
}
