using Sextant.Sources.Formats.Documents;
using Sextant.Sources.Formats.Pages;
using Sextant.Sources.Formats.Rows;

namespace Sextant.Sources.Formats;

/// <summary>Which file extension is read how.</summary>
internal static class SourceFormats
{
    private delegate IEnumerable<SourceDocument> Reader(Stream stream, SourceScope scope);

    private static readonly Dictionary<string, Reader?> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".txt"] = TextRows.Read,
        [".text"] = TextRows.Read,
        [".md"] = MarkdownPage.Read,
        [".markdown"] = MarkdownPage.Read,
        [".html"] = HtmlPage.Read,
        [".htm"] = HtmlPage.Read,
        [".csv"] = DelimitedRows.ReadCommas,
        [".tsv"] = DelimitedRows.ReadTabs,
        [".jsonl"] = JsonRows.Read,
        [".ndjson"] = JsonRows.Read,
        [".parquet"] = null,
        [".json"] = JsonFile.Read,
        [".pdf"] = PdfFile.Read,
        [".docx"] = OfficeFile.ReadWord,
        [".pptx"] = OfficeFile.ReadSlides,
        [".xlsx"] = OfficeFile.ReadSheets,
        [".epub"] = EpubFile.Read,
        [".eml"] = MailFile.Read,
        [".ipynb"] = NotebookFile.Read,
        [".rst"] = MarkupFile.ReadRestructured,
        [".adoc"] = MarkupFile.ReadAsciiDoc,
        [".asciidoc"] = MarkupFile.ReadAsciiDoc,
    };

    static SourceFormats()
    {
        foreach (string extension in CodeFile.Languages.Keys)
            Readers.Add(extension, CodeFile.Read);
    }

    /// <summary>The extensions as an error message lists them.</summary>
    public static string Extensions =>
        ".txt .md .html .csv .tsv .json .jsonl .parquet .pdf .docx .pptx .xlsx .epub .eml .ipynb .rst .adoc, or source code";

    public static bool Reads(string path) => Readers.ContainsKey(Path.GetExtension(path));

    /// <summary>Parquet needs to seek and reads asynchronously, so it does not share the way of the text formats.</summary>
    public static bool IsParquet(string path) => Readers.TryGetValue(Path.GetExtension(path), out Reader? reader) && reader is null;

    public static IEnumerable<SourceDocument> Read(SourceFile file, SourceScope scope)
    {
        if (scope.Open(file) is not { } stream)
            yield break;
        using (stream)
        {
            foreach (SourceDocument document in Readers[Path.GetExtension(file.Path)]!(stream, scope))
                yield return document;
        }
    }
}
