using System.Runtime.CompilerServices;
using Sextant.Sources.Formats;
using Sextant.Sources.Formats.Rows;
using Sextant.Sources.Reading;

namespace Sextant.Sources;

/// <summary>
/// Reads documents from files (.txt .md .html .csv .tsv .json .jsonl .parquet .pdf .docx .pptx .xlsx .epub .eml .ipynb .rst .adoc and
/// source code), from folders of them, and from the standard input.
/// </summary>
/// <remarks>
/// Rows stream: a file of rows is never held in memory as a whole; a page (.md, .html) or a document (.pdf, .docx) is. Text is UTF-8, with
/// or without a byte order mark, or UTF-16 with one. Of a folder everything within is read in ordinal order of its path, except hidden
/// files and folders, links to folders, and kinds of file that are not read, which are counted. One reader serves one reading at a time.
/// </remarks>
/// <param name="options">The defaults when <see langword="null"/>.</param>
public sealed class SourceReader(SourceReaderOptions? options = null)
{
    /// <summary>How the standard input is named.</summary>
    internal const string StandardInput = "-";

    private const int MostSkippedListed = 1000;

    private readonly SourceReaderOptions _options = options ?? new();
    private readonly List<string> _warnings = [];
    private readonly List<SkippedRow> _skipped = [];

    /// <summary>The number of skipped rows and unreadable files (<see cref="SourceReaderOptions.SkipBad"/>).</summary>
    public int SkippedRows { get; private set; }

    /// <summary>The first 1,000 of the skipped rows and files, with the reason.</summary>
    public IReadOnlyList<SkippedRow> Skipped => _skipped;

    /// <summary>
    /// How the columns of the last file of rows are used; <see langword="null"/> for other files. They are known even when reading fails
    /// because none of them looks like the text.
    /// </summary>
    public SourceColumns? Columns { get; private set; }

    /// <summary>How many files of folders were left out because they are hidden or of a kind that is not read.</summary>
    public int IgnoredFiles { get; private set; }

    /// <summary>Warnings about the sources: columns read as text although they look like numbers, files without a usable name.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Is asked before a file is read, and says what the ids made for its texts begin with.</summary>
    internal Func<SourceFile, string>? IdPrefix { get; init; }

    /// <summary>The input for "-".</summary>
    internal Func<Stream> OpenStandardInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Reads <paramref name="sources"/> one after another.</summary>
    /// <param name="sources">Files, folders, or "-" for the standard input: JSON Lines when it begins with "{", else a text a line.</param>
    /// <param name="cancellationToken">Cancels between two documents, or while waiting for input.</param>
    /// <exception cref="InputException">
    /// A source is not there or cannot be opened, or a row cannot be read; the message names file and line and the cure.
    /// </exception>
    public async IAsyncEnumerable<SourceDocument> ReadAsync(
        IEnumerable<string> sources,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(sources);
        SkippedRows = IgnoredFiles = 0;
        _warnings.Clear();
        _skipped.Clear();
        Columns = null;
        foreach (string source in sources)
        {
            foreach (SourceFile file in SourceFile.Enumerate(source, _options, Ignore, Skip))
            {
                SourceScope scope = new(file.Path, _options, Skip, _warnings.Add, IdPrefix?.Invoke(file))
                {
                    ColumnsFound = columns => Columns = columns,
                };
                await foreach (SourceDocument document in Read(file, scope, cancellationToken).ConfigureAwait(false))
                    yield return document;
            }
        }
    }

    private void Skip(SkippedRow row)
    {
        SkippedRows++;
        if (_skipped.Count < MostSkippedListed)
            _skipped.Add(row);
    }

    private void Ignore(string? notice)
    {
        IgnoredFiles++;
        if (notice is not null)
            _warnings.Add(notice);
    }

    private IAsyncEnumerable<SourceDocument> Read(SourceFile file, SourceScope scope, CancellationToken cancellationToken)
    {
        if (file.Path == StandardInput)
            return Streamed(() => TextRows.OfStandardInput(OpenStandardInput(), scope), scope, waits: true, cancellationToken);
        if (SourceFormats.IsParquet(file.Path))
            return ParquetRows.ReadAsync(file, scope, cancellationToken);
        return Streamed(() => SourceFormats.Read(file, scope), scope, waits: false, cancellationToken);
    }

    // The text formats are plain iterators; only where a read may wait for a person is it moved aside, so that it can be left.
    private static async IAsyncEnumerable<SourceDocument> Streamed(
        Func<IEnumerable<SourceDocument>> read,
        SourceScope scope,
        bool waits,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using IEnumerator<SourceDocument> documents = read().GetEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool more = waits
                ? await Task.Run(() => scope.Move(documents), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false)
                : scope.Move(documents);
            if (!more)
                yield break;
            yield return documents.Current;
        }
    }
}
