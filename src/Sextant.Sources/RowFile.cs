using System.Text.Json.Nodes;
using Sextant.Sources.Formats;
using Sextant.Sources.Formats.Rows;

namespace Sextant.Sources;

/// <summary>
/// Reads the raw rows of files, without mapping them to texts: .jsonl (or .ndjson), .csv and .tsv, each also as .gz, and .parquet.
/// </summary>
/// <remarks>
/// Rows stream. Text is UTF-8, with or without a byte order mark, or UTF-16 with one. Blank lines are skipped. A .csv whose first line has
/// semicolons or tabs but no comma uses those as its separator. Lists in Parquet rows are JSON arrays; nested and binary columns are left
/// out.
/// </remarks>
public static class RowFile
{
    private const string Packed = ".gz";

    /// <summary>Whether a name is that of a file of rows.</summary>
    public static bool IsName(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Extension(path) is ".jsonl" or ".ndjson" or ".csv" or ".tsv" || (Extension(path) is ".parquet" && !IsPacked(path));
    }

    /// <summary>Reads a file row by row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="quotedTabs">
    /// Whether a field of a .tsv may be quoted, as in a .csv; otherwise quotes in it are characters like any other.
    /// </param>
    /// <exception cref="InputException">
    /// The file is missing, damaged or of another kind, or a row is bad; the message names file and line.
    /// </exception>
    public static IEnumerable<FileRow> Read(string path, bool quotedTabs = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!IsName(path))
        {
            throw new InputException(
                $"{path}: cannot read rows from '{Path.GetExtension(path)}'; use .csv, .tsv, .jsonl or .parquet (the first three also as "
                    + $".gz)"
            );
        }

        return Extension(path) switch
        {
            ".csv" => ReadTable(() => Open(path), path, ',', quotes: true),
            ".tsv" => ReadTable(() => Open(path), path, '\t', quotedTabs),
            ".parquet" => ReadParquet(path),
            _ => ReadJson(path),
        };
    }

    /// <summary>Reads a table from a stream, which is disposed.</summary>
    /// <param name="stream">The table.</param>
    /// <param name="name">The name in messages.</param>
    /// <param name="separator">The field separator.</param>
    /// <exception cref="InputException">A row is bad.</exception>
    public static IEnumerable<FileRow> ReadTable(Stream stream, string name, char separator)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadTable(() => stream, name, separator, quotes: true);
    }

    /// <summary>Opens a file to be read once from its beginning, unpacked if it is a .gz.</summary>
    /// <exception cref="InputException">
    /// The file is missing, cannot be opened, or is a Git LFS pointer; or, while reading, the disk fails or the .gz is damaged or cut off.
    /// </exception>
    public static Stream Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
            Stream bytes = LfsPointer.Refuse(file, path);
            return new NamedStream(IsPacked(path) ? PackedFile.Unpack(bytes) : bytes, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file; check the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the file cannot be opened ({e.Message}); change its permissions or exclude it", e);
        }
    }

    private static string Extension(string path) => Path.GetExtension(IsPacked(path) ? path[..^Packed.Length] : path).ToLowerInvariant();

    private static bool IsPacked(string path) => path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<FileRow> ReadJson(string path)
    {
        Stream stream = Open(path);
        using StreamReader text = SourceEncoding.Open(stream);
        foreach (TextLine line in TextRows.Lines(new(text)))
        {
            if (line.IsBlank)
                continue;
            JsonText row = JsonText.Parse(line);
            string? fault =
                row.Fault
                ?? (row.Value is JsonObject or JsonArray ? null : "the row is not a JSON object; write one {\"name\": value} a line");
            FileRow read = new(path, line.Number, null, row.Value);
            if (fault is not null)
                throw new InputException($"{read.Location}: {fault}", row.Cause);
            yield return read;
            Reached(stream, line.Number);
        }
    }

    private static IEnumerable<FileRow> ReadTable(Func<Stream> open, string path, char separator, bool quotes)
    {
        Stream stream = open();
        using StreamReader text = SourceEncoding.Open(stream);
        foreach (DelimitedRow row in new DelimitedParser(text, separator, quotes: quotes).Rows())
        {
            FileRow read = new(path, row.Line, [.. row.Fields.Select(static field => field.Text)], null);
            if (row.Fault is { } fault)
                throw new InputException($"{read.Location}: {fault}");
            yield return read;
            Reached(stream, row.Line);
        }
    }

    private static IEnumerable<FileRow> ReadParquet(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file; check the path");
        SourceScope scope = new(path, new SourceReaderOptions(), static _ => { });
        int number = 0;
        foreach (
            JsonObject row in ParquetRows
                .FieldsAsync(new(path, Folder: null), scope, lists: true, CancellationToken.None)
                .ToBlockingEnumerable()
        )
        {
            yield return new(path, ++number, null, row);
        }
    }

    private static void Reached(Stream stream, int line)
    {
        if (stream is NamedStream named)
            named.Line = line;
    }

    /// <summary>A stream whose faults name the file and the last line that was sound.</summary>
    private sealed class NamedStream(Stream inner, string path) : ForwardStream
    {
        public int Line { get; set; }

        private string Place => Line == 0 ? path : $"{path}, after line {Line}";

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return inner.Read(buffer);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw new InputException($"{Place}: the .gz file is damaged ({e.Message.TrimEnd('.')}); download or compress it again", e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{Place}: reading failed ({e.Message.TrimEnd('.')}); check the disk and the permissions", e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
