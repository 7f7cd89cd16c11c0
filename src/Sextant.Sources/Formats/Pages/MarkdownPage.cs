using System.Text;
using System.Text.Json.Nodes;
using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Sextant.Sources.Formats.Rows;

namespace Sextant.Sources.Formats.Pages;

/// <summary>
/// Reads Markdown: one document per section, with the raw text including its heading. Simple <c>key: value</c> lines of YAML front matter
/// become metadata.
/// </summary>
internal static class MarkdownPage
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePreciseSourceLocation()
        .UseYamlFrontMatter()
        .Build();

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope) =>
        PageText.ReadAll(stream, scope) is { } text ? Sections(text, scope) : [];

    /// <summary>The sections of a page that was read already.</summary>
    public static IEnumerable<SourceDocument> Sections(string text, SourceScope scope)
    {
        try
        {
            return Sections(Markdown.Parse(text, Pipeline), text, scope);
        }
        catch (ArgumentException e)
        {
            // Markdig rejects quotes and lists nested deeper than on any real page.
            scope.Bad(1, $"the page cannot be read as Markdown ({e.Message}); reduce its nesting", e);
            return [];
        }
    }

    private static IEnumerable<SourceDocument> Sections(MarkdownDocument page, string text, SourceScope scope)
    {
        HeadingBlock[] headings = [.. page.OfType<HeadingBlock>()];
        var front = page.FirstOrDefault() as YamlFrontMatterBlock;
        PageSections sections = new(scope, Metadata(front, text, headings));

        int start = front is null ? 0 : Math.Min(front.Span.End + 1, text.Length);
        int first = headings.Length == 0 ? text.Length : headings[0].Span.Start;
        if (
            sections.Section(text[start..Math.Max(start, first)], LineAt(text, text.Length - text.AsSpan(start).TrimStart().Length)) is
            { } preface
        )
        {
            yield return preface;
        }

        for (int i = 0; i < headings.Length; i++)
        {
            sections.Enter(headings[i].Level, Heading(headings[i]));
            int end = i + 1 < headings.Length ? headings[i + 1].Span.Start : text.Length;
            // A heading with nothing below it but deeper headings says what it has to say as theirs.
            bool leads = i + 1 < headings.Length && headings[i + 1].Level > headings[i].Level;
            if (leads && string.IsNullOrWhiteSpace(text[Math.Min(headings[i].Span.End + 1, end)..end]))
                continue;
            if (sections.Section(text[headings[i].Span.Start..end], headings[i].Line + 1) is { } section)
                yield return section;
        }
    }

    private static JsonObject Metadata(YamlFrontMatterBlock? front, string text, HeadingBlock[] headings)
    {
        JsonObject metadata = [];
        if (front is not null)
        {
            foreach (string line in text.AsSpan(front.Span.Start, Math.Min(front.Span.Length, text.Length)).ToString().Split('\n'))
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0 || !line.AsSpan(0, colon).IndexOfAnyExcept(KeyCharacters).Equals(-1))
                    continue;
                string value = line[(colon + 1)..].Trim();
                bool quoted = value is ['"', .., '"'] or ['\'', .., '\''] && value.Length > 1;
                if (CellValue.Parse(new(quoted ? value[1..^1] : value, quoted)) is { } cell)
                    metadata[line[..colon]] = cell;
            }
        }

        if (!metadata.ContainsKey("title") && headings.FirstOrDefault(heading => heading.Level == 1) is { } top)
            metadata["title"] = Heading(top);
        return metadata;
    }

    private static readonly System.Buffers.SearchValues<char> KeyCharacters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
    );

    private static string Heading(HeadingBlock heading)
    {
        StringBuilder text = new();
        foreach (Inline inline in heading.Inline?.Descendants() ?? [])
        {
            if (inline is LiteralInline literal)
                text.Append(literal.Content.AsSpan());
            else if (inline is CodeInline code)
                text.Append(code.Content);
            else if (inline is LineBreakInline)
                text.Append(' ');
            else if (inline is HtmlEntityInline entity)
                text.Append(entity.Transcoded.AsSpan());
        }

        return text.ToString().Trim();
    }

    private static int LineAt(string text, int position) => 1 + text.AsSpan(0, position).Count('\n');
}
