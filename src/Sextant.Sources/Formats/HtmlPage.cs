using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Sextant.Sources.Formats;

/// <summary>
/// HTML: a document a section, the text as a browser shows it, without scripts, styles, navigation, asides and footers.
/// The character encoding is the one that the page declares (<see cref="HtmlEncoding"/>).
/// </summary>
internal static class HtmlPage
{
    /// <summary>Building a tree costs far more memory than its text.</summary>
    private const int MaxBytes = 32 * 1024 * 1024;

    private static readonly HtmlParserOptions Options = new() { IsKeepingSourceReferences = true };

    private static readonly HashSet<string> Hidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "noscript", "template", "nav", "aside", "footer", "head", "svg", "math", "canvas", "iframe", "object",
        "select", "datalist", "button", "dialog", "audio", "video", "noframes", "noembed",
    };

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        if (ReadAll(stream) is not { } bytes)
        {
            scope.Bad(1, $"the page is larger than {MaxBytes / 1024 / 1024} MiB; cut it into several files");
            yield break;
        }

        using IHtmlDocument page = new HtmlParser(Options).ParseDocument(HtmlEncoding.Decode(bytes));
        string title = page.Title is { Length: > 0 } declared ? declared : page.QuerySelector("h1")?.TextContent.Trim() ?? "";
        JsonObject metadata = title.Length > 0 ? new() { ["title"] = title } : [];
        PageSections sections = new(scope, metadata);
        HtmlText text = new();
        int line = 1;
        foreach ((INode node, bool entering) in Walk(page.Body ?? (INode)page))
        {
            if (node is IElement { LocalName: ['h', >= '1' and <= '6'] } heading)
            {
                if (entering)
                {
                    if (sections.Section(text.Take(), line) is { } section) yield return section;
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

            if (entering) text.Enter(node);
            else text.Leave(node);
        }

        if (sections.Section(text.Take(), line) is { } last) yield return last;
    }

    private static byte[]? ReadAll(Stream stream)
    {
        if (stream.CanSeek && stream.Length > MaxBytes) return null;
        using MemoryStream bytes = new();
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0 && bytes.Length <= MaxBytes) bytes.Write(buffer, 0, read);
        return bytes.Length > MaxBytes ? null : bytes.ToArray();
    }

    /// <summary>All that is shown, each element entered and left, without recursion: a page may nest as deeply as it likes.</summary>
    private static IEnumerable<(INode Node, bool Entering)> Walk(INode root)
    {
        INode? node = root;
        while (node is not null)
        {
            bool shown = node == root || IsShown(node);
            if (shown) yield return (node, true);
            if (shown && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }

            if (shown) yield return (node, false);
            while (node != root && node!.NextSibling is null)
            {
                node = node.Parent;
                yield return (node!, false);
            }

            node = node == root ? null : node!.NextSibling;
        }
    }

    private static bool IsShown(INode node) => node switch
    {
        IElement element => !Hidden.Contains(element.LocalName) && !element.HasAttribute("hidden")
            && element.GetAttribute("aria-hidden") != "true" && element.GetAttribute("role") != "navigation"
            && !(element.GetAttribute("style") is { } style && HidesByStyle(style)),
        IText => true,
        IDocument => true,
        _ => false,
    };

    /// <summary>Whether an inline style hides its element; of several declarations of a property the last one counts.</summary>
    private static bool HidesByStyle(string style)
    {
        bool isRemoved = false, isInvisible = false;
        foreach (string declaration in style.Split(';'))
        {
            int colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            string value = declaration[(colon + 1)..].Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim().ToLowerInvariant();
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
