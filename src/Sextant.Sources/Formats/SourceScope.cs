using System.Globalization;
using Sextant.Sources.Reading;

namespace Sextant.Sources.Formats;

/// <summary>What the readers of one file share: its name, the options, its ids, and what becomes of what cannot be read.</summary>
internal sealed class SourceScope(
    string source,
    SourceReaderOptions options,
    Action<SkippedRow> skipped,
    Action<string>? note = null,
    string? idPrefix = null
)
{
    /// <summary>The longest line, field or page: far above any text that a model reads, far below what memory holds.</summary>
    public const int MaxCharacters = 16 * 1024 * 1024;

    public string Source => source;

    public SourceReaderOptions Options => options;

    /// <summary>Receives how the columns of the file are used, once its first row has been read.</summary>
    public Action<SourceColumns>? ColumnsFound { get; init; }

    public SourceIds Ids { get; } = new(idPrefix ?? source);

    /// <summary>An error at a line; the message ends with a suggestion, which may be an option.</summary>
    public InputException Error(int line, string message, Exception? cause = null, string? option = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{source}:{line}: {message}"), cause)
        {
            RelatedOptions = option is null ? [] : [option],
        };

    /// <summary>Throws for a row that cannot be read, or counts it if bad rows are skipped.</summary>
    /// <returns>Always <see langword="null"/>: no document.</returns>
    public SourceDocument? Bad(int line, string message, Exception? cause = null, string? option = null)
    {
        if (!options.SkipBad)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"{source}:{line}: {message}; such rows can be skipped"),
                cause
            )
            {
                RelatedOptions = option is null ? [nameof(SourceReaderOptions.SkipBad)] : [option, nameof(SourceReaderOptions.SkipBad)],
            };
        }

        skipped(new(source, line, message));
        return null;
    }

    /// <summary>Says something of the file that a user should know.</summary>
    public void Note(string message) => note?.Invoke($"{source}: {message}");

    /// <summary>What a library says of a fault, as a part of one of our lines.</summary>
    public static string Reason(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.');

    /// <summary>Opens the file, or counts it if it may be skipped.</summary>
    public FileStream? Open(SourceFile file)
    {
        try
        {
            return LfsPointer.Refuse(
                new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan),
                source
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A source named by the caller is never skipped silently, because its documents would be removed.
            if (!options.SkipBad || !file.InFolder)
                throw new InputException($"{source}: the file cannot be opened ({e.Message}); change its permissions or exclude it", e);
            skipped(new(source, 0, $"the file cannot be opened ({e.Message})"));
            return null;
        }
    }

    /// <summary>The next document; a disk that fails midway becomes an error that names the file.</summary>
    public bool Move(IEnumerator<SourceDocument> documents)
    {
        try
        {
            return documents.MoveNext();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{source}: reading failed ({e.Message}); check the disk and try again", e);
        }
    }
}
