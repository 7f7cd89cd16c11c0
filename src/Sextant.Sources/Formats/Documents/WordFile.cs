using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Sextant.Sources.Formats.Pages;

namespace Sextant.Sources.Formats.Documents;

/// <summary>Word documents (.docx): one document per section, tables as Markdown, footnotes at the end of their section.</summary>
internal sealed class WordFile
{
    private const int TitleLevel = 0,
        HeadingLevels = 9;

    private readonly Dictionary<string, int> _levels = [];
    private readonly Dictionary<long, string> _footnotes = [];
    private readonly List<string> _pending = [];
    private readonly StringBuilder _text = new();
    private bool _endsWithItem;

    private WordFile(MainDocumentPart main)
    {
        foreach (Style style in main.StyleDefinitionsPart?.Styles?.Elements<Style>() ?? [])
        {
            // The id is translated with the language of the program, the name is not.
            if (style.StyleId?.Value is { } id && LevelOf(style) is { } level)
                _levels[id] = level;
        }

        foreach (Footnote note in main.FootnotesPart?.Footnotes?.Elements<Footnote>() ?? [])
        {
            if (note.Id?.Value is > 0 and { } id)
                _footnotes[id] = string.Join(' ', note.Descendants<Paragraph>().Select(TextOf)).Trim();
        }
    }

    public static IEnumerable<SourceDocument> Read(WordprocessingDocument package, SourceScope scope)
    {
        if (package.MainDocumentPart is not { Document.Body: { } body } main)
            return [];
        return new WordFile(main).Sections(body, OfficeFile.Title(package), scope);
    }

    private IEnumerable<SourceDocument> Sections(Body body, JsonObject metadata, SourceScope scope)
    {
        PageSections sections = new(scope, metadata);
        int number = 0,
            start = 1;
        foreach (OpenXmlElement block in Blocks(body))
        {
            number++;
            if (block is Table table)
            {
                Append(MarkdownTable.Render(table.Elements<TableRow>().Select(CellsOf)));
                continue;
            }

            string text = TextOf((Paragraph)block).Trim();
            if (text.Length == 0)
                continue;
            if (Heading((Paragraph)block) is not { } level)
            {
                Append(((Paragraph)block).ParagraphProperties?.NumberingProperties is null ? text : $"- {text}");
                continue;
            }

            if (sections.Section(Take(), start) is { } section)
                yield return section;
            if (level == TitleLevel)
                metadata.TryAdd("title", text);
            sections.Enter(level, text);
            start = number;
            Append(text);
        }

        if (sections.Section(Take(), start) is { } last)
            yield return last;
    }

    /// <summary>Paragraphs and tables in order; content controls and text boxes hold them too.</summary>
    private static IEnumerable<OpenXmlElement> Blocks(OpenXmlElement parent)
    {
        foreach (OpenXmlElement child in parent.ChildElements)
        {
            if (child is Paragraph or Table)
            {
                yield return child;
            }
            else if (child is SdtBlock { SdtContentBlock: { } content })
            {
                foreach (OpenXmlElement inner in Blocks(content))
                    yield return inner;
            }
        }
    }

    private IEnumerable<string> CellsOf(TableRow row) =>
        row.Elements<TableCell>().Select(cell => string.Join(' ', cell.Descendants<Paragraph>().Select(TextOf)).Trim());

    private string TextOf(Paragraph paragraph)
    {
        StringBuilder text = new();
        foreach (OpenXmlElement part in paragraph.Descendants())
        {
            switch (part)
            {
                case Text own:
                    text.Append(own.Text);
                    break;
                case TabChar:
                    text.Append('\t');
                    break;
                case Break or CarriageReturn:
                    text.Append('\n');
                    break;
                case NoBreakHyphen:
                    text.Append('-');
                    break;
                case FootnoteReference { Id.Value: var id } when _footnotes.TryGetValue(id, out string? note):
                    _pending.Add(note);
                    break;
            }
        }

        return text.ToString();
    }

    private int? Heading(Paragraph paragraph)
    {
        if (paragraph.ParagraphProperties is not { } properties)
            return null;
        if (properties.OutlineLevel?.Val?.Value is >= 0 and < HeadingLevels and { } level)
            return level + 1;
        return properties.ParagraphStyleId?.Val?.Value is { } style && _levels.TryGetValue(style, out int own) ? own : null;
    }

    private static int? LevelOf(Style style)
    {
        if (style.StyleParagraphProperties?.OutlineLevel?.Val?.Value is >= 0 and < HeadingLevels and { } level)
            return level + 1;
        string name = style.StyleName?.Val?.Value ?? "";
        if (name.Equals("title", StringComparison.OrdinalIgnoreCase))
            return TitleLevel;
        return
            name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(name.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is >= 1 and <= HeadingLevels
            ? number
            : null;
    }

    private void Append(string block)
    {
        if (block.Length == 0)
            return;
        bool isItem = block.StartsWith("- ", StringComparison.Ordinal);
        if (_text.Length > 0)
            _text.Append(isItem && _endsWithItem ? "\n" : "\n\n");
        _endsWithItem = isItem;
        _text.Append(block.TrimEnd('\n'));
    }

    private string Take()
    {
        foreach (string note in _pending)
            Append(note);
        _pending.Clear();
        string taken = _text.ToString();
        _text.Clear();
        return taken;
    }
}
