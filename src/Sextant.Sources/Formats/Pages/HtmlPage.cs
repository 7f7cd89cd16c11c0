using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Sextant.Sources.Formats.Pages;

/// <summary>
/// HTML: a document a section, the text as a browser shows it, without scripts, styles, navigation, asides and footers.
/// The character encoding is the one that the page declares (<see cref="HtmlEncoding"/>).
/// </summary>
internal static class HtmlPage
{
    /// <summary>Building a tree costs far more memory than its text.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private static readonly HtmlParserOptions Options = new() { IsKeepingSourceReferences = true };

    private static readonly HashSet<string> Hidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "aside",
        "footer",
        "head",
        "svg",
        "math",
        "canvas",
        "iframe",
        "object",
        "select",
        "datalist",
        "button",
        "dialog",
        "audio",
        "video",
        "noframes",
        "noembed",
    };

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        if (ReadAll(stream) is { } bytes)
            return Sections(bytes, scope, []);
        scope.Bad(1, $"the page is larger than {MaxBytes / 1024 / 1024} MiB; split it into several files");
        return [];
    }

    /// <summary>
    /// The sections of a page that was read already; its title is added to <paramref name="metadata"/> unless that has one.
    /// </summary>
    public static IEnumerable<SourceDocument> Sections(byte[] bytes, SourceScope scope, JsonObject metadata)
    {
        using IHtmlDocument page = new HtmlParser(Options).ParseDocument(HtmlEncoding.Decode(bytes));
        string title = page.Title is { Length: > 0 } declared ? declared : page.QuerySelector("h1")?.TextContent.Trim() ?? "";
        if (title.Length > 0)
            metadata.TryAdd("title", title);
        PageSections sections = new(scope, metadata);
        HtmlText text = new();
        int line = 1;
        foreach ((INode node, bool entering) in Walk(page.Body ?? (INode)page))
        {
            if (node is IElement { LocalName: ['h', >= '1' and <= '6'] } heading)
            {
                if (entering)
                {
                    if (sections.Section(text.Take(), line) is { } section)
                        yield return section;
                    line = heading.SourceReference?.Position.Line ?? 1;
                }
                else
                {
                    text.Block();
                    sections.Enter(heading.LocalName[1] - '0', text.Heading());
                    text.Block();
                }

                continue;
            }

            if (entering)
                text.Enter(node);
            else
                text.Leave(node);
        }

        if (sections.Section(text.Take(), line) is { } last)
            yield return last;
    }

    /// <summary>The text of a page without its sections.</summary>
    public static string TextOf(string html)
    {
        using IHtmlDocument page = new HtmlParser(Options).ParseDocument(html);
        HtmlText text = new();
        foreach ((INode node, bool entering) in Walk(page.Body ?? (INode)page))
        {
            if (entering)
                text.Enter(node);
            else
                text.Leave(node);
        }

        return text.Take();
    }

    /// <summary>The bytes of a page, or <see langword="null"/> where there are too many.</summary>
    public static byte[]? ReadAll(Stream stream)
    {
        if (stream.CanSeek && stream.Length > MaxBytes)
            return null;
        using MemoryStream bytes = new();
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0 && bytes.Length <= MaxBytes)
            bytes.Write(buffer, 0, read);
        return bytes.Length > MaxBytes ? null : bytes.ToArray();
    }

    /// <summary>All that is shown, each element entered and left, without recursion: a page may nest as deeply as it likes.</summary>
    private static IEnumerable<(INode Node, bool Entering)> Walk(INode root)
    {
        INode? node = root;
        while (node is not null)
        {
            bool shown = node == root || IsShown(node);
            if (shown)
                yield return (node, true);
            if (shown && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }

            if (shown)
                yield return (node, false);
            while (node != root && node!.NextSibling is null)
            {
                node = node.Parent;
                yield return (node!, false);
            }

            node = node == root ? null : node!.NextSibling;
        }
    }

    private static bool IsShown(INode node) =>
        node switch
        {
            IElement element => !Hidden.Contains(element.LocalName)
                && !element.HasAttribute("hidden")
                && element.GetAttribute("aria-hidden") != "true"
                && element.GetAttribute("role") != "navigation"
                && !(element.GetAttribute("style") is { } style && HidesByStyle(style)),
            IText => true,
            IDocument => true,
            _ => false,
        };

    /// <summary>Whether an inline style hides its element; of several declarations of a property the last one counts.</summary>
    private static bool HidesByStyle(string style)
    {
        bool isRemoved = false,
            isInvisible = false;
        foreach (string declaration in style.Split(';'))
        {
            int colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            string value = declaration[(colon + 1)..]
                .Replace("!important", "", StringComparison.OrdinalIgnoreCase)
                .Trim()
                .ToLowerInvariant();
            switch (declaration[..colon].Trim().ToLowerInvariant())
            {
                case "display":
                    isRemoved = value == "none";
                    break;
                case "visibility":
                    isInvisible = value is "hidden" or "collapse";
                    break;
            }
        }

        return isRemoved || isInvisible;
    }
}
