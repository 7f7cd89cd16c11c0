using System.Text;
using AngleSharp.Dom;

namespace Sextant.Sources.Formats.Pages;

/// <summary>
/// Collects the visible text of a page: collapses white space, puts each block on its own line, and keeps <c>pre</c> unchanged.
/// </summary>
internal sealed class HtmlText
{
    private static readonly HashSet<string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "img",
        "del",
    };

    private readonly StringBuilder _text = new();
    private int _preformatted;

    /// <summary>Returns and clears the collected text.</summary>
    public string Take()
    {
        string taken = _text.ToString().Trim();
        _text.Clear();
        return taken;
    }

    /// <summary>Returns the collected text without clearing it: the heading at the start of a section.</summary>
    public string Heading() => _text.ToString().Trim();

    public void Enter(INode node)
    {
        if (node is IText text)
        {
            Append(text.Data);
        }
        else if (node is IElement element)
        {
            if (element.LocalName == "pre")
                _preformatted++;
            if (element.LocalName is "td" or "th")
                Space();
            else if (!Inline.Contains(element.LocalName))
                Block();
            if (element.LocalName == "li")
                _text.Append("- ");
        }
    }

    public void Leave(INode node)
    {
        if (node is not IElement element)
            return;
        if (element.LocalName == "pre")
            _preformatted--;
        if (!Inline.Contains(element.LocalName) && element.LocalName is not ("td" or "th"))
            Block();
    }

    /// <summary>What follows stands on a new line.</summary>
    public void Block()
    {
        while (_text.Length > 0 && _text[^1] == ' ')
            _text.Length--;
        if (_text.Length > 0 && _text[^1] != '\n')
            _text.Append('\n');
    }

    private void Append(string data)
    {
        if (_preformatted > 0)
        {
            _text.Append(data);
            return;
        }

        foreach (char c in data)
        {
            if (c is ' ' or '\t' or '\n' or '\r' or '\f')
                Space();
            else
                _text.Append(c);
        }
    }

    private void Space()
    {
        if (_text.Length > 0 && _text[^1] is not (' ' or '\n'))
            _text.Append(' ');
    }
}
