using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Sources.Formats.Pages;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.DocumentLayoutAnalysis;
using UglyToad.PdfPig.DocumentLayoutAnalysis.PageSegmenter;
using UglyToad.PdfPig.DocumentLayoutAnalysis.ReadingOrderDetector;
using UglyToad.PdfPig.DocumentLayoutAnalysis.WordExtractor;
using UglyToad.PdfPig.Exceptions;

namespace Sextant.Sources.Formats.Documents;

/// <summary>
/// PDF: one document per page, its blocks in reading order. A page of images without text needs OCR, which a notice says.
/// </summary>
internal static class PdfFile
{
    private static readonly ParsingOptions Lenient = new() { UseLenientParsing = true, SkipMissingFonts = true };

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        using PdfDocument? pdf = Open(stream, scope);
        if (pdf is null)
            yield break;
        JsonObject metadata =
            pdf.Information.Title is { } title && !string.IsNullOrWhiteSpace(title) ? new() { ["title"] = title.Trim() } : [];
        PageSections sections = new(scope, metadata);
        List<int> scanned = [];
        for (int number = 1; number <= pdf.NumberOfPages; number++)
        {
            if (TextOf(pdf, number, scope, out bool hasImages) is not { } text)
                continue;
            if (text.Length == 0 && hasImages)
                scanned.Add(number);
            if (sections.Part("page", number, text) is { } page)
                yield return page;
        }

        if (scanned.Count > 0)
            scope.Note($"{Pages(scanned)} images without text, probably scanned; run OCR on the file to search them");
    }

    private static PdfDocument? Open(Stream stream, SourceScope scope)
    {
        try
        {
            return PdfDocument.Open(stream, Lenient);
        }
        catch (PdfDocumentEncryptedException e)
        {
            scope.Bad(1, "the PDF is encrypted; save it without a password", e);
        }
        catch (Exception e) when (e is not IOException)
        {
            scope.Bad(1, $"the PDF cannot be read ({SourceScope.Reason(e)}); open it in a viewer and save it again", e);
        }

        return null;
    }

    private static string? TextOf(PdfDocument pdf, int number, SourceScope scope, out bool hasImages)
    {
        hasImages = false;
        try
        {
            Page page = pdf.GetPage(number);
            hasImages = page.NumberOfImages > 0;
            IEnumerable<Word> words = page.GetWords(NearestNeighbourWordExtractor.Instance);
            IReadOnlyList<TextBlock> blocks = DocstrumBoundingBoxes.Instance.GetBlocks(words);
            StringBuilder text = new();
            foreach (TextBlock block in UnsupervisedReadingOrderDetector.Instance.Get(blocks))
            {
                if (text.Length > 0)
                    text.Append("\n\n");
                foreach (UglyToad.PdfPig.DocumentLayoutAnalysis.TextLine line in block.TextLines)
                    AppendLine(text, line.Text.Trim());
            }

            return Readable(text.ToString());
        }
        catch (Exception e) when (e is not IOException)
        {
            scope.Bad(
                number,
                $"page {number} of the PDF cannot be read ({SourceScope.Reason(e)}); open it in a viewer and save it again",
                e
            );
            return null;
        }
    }

    /// <summary>
    /// Without the control characters that a font without a map to Unicode gives, and with the letters of ligatures, which no one types in
    /// a query.
    /// </summary>
    private static string Readable(string text)
    {
        StringBuilder readable = new(text.Length);
        foreach (char c in text)
        {
            if (c is >= '\uFB00' and <= '\uFB06')
                readable.Append(c.ToString().Normalize(NormalizationForm.FormKC));
            else if (c is '\n' or '\t' || !char.IsControl(c))
                readable.Append(c);
        }

        return readable.ToString();
    }

    /// <summary>Joins a word that was hyphenated at the end of the line before.</summary>
    private static void AppendLine(StringBuilder text, string line)
    {
        bool continues = text.Length > 1 && text[^1] == '-' && char.IsLower(text[^2]) && line.Length > 0 && char.IsLower(line[0]);
        if (continues)
            text.Length--;
        else if (text.Length > 0 && text[^1] != '\n')
            text.Append('\n');
        text.Append(line);
    }

    private static string Pages(List<int> numbers) =>
        numbers.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"page {numbers[0]} holds")
            : string.Create(CultureInfo.InvariantCulture, $"{numbers.Count} pages (the first is {numbers[0]}) hold");
}
