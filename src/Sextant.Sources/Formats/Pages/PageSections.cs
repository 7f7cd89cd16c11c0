using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Sources.Formats.Pages;

/// <summary>
/// Makes documents of the sections of a page: each is named by the headings above it, so that a change in one section changes
/// no other (docs/decisions/stable-ids.md).
/// </summary>
internal sealed class PageSections(SourceScope scope, JsonObject shared)
{
    private readonly List<(int Level, string Heading)> _above = [];

    /// <summary>Comes below a heading: those of its level and deeper no longer stand above.</summary>
    public void Enter(int level, string heading)
    {
        _above.RemoveAll(above => above.Level >= level);
        _above.Add((level, heading));
    }

    /// <summary>The section that begins at <paramref name="line"/>, or <see langword="null"/> if it is blank, or bad and skipped.</summary>
    public SourceDocument? Section(string text, int line) =>
        Document(
            text,
            line,
            string.Join('/', _above.Select(above => Slug(above.Heading))),
            string.Join(" > ", _above.Select(above => above.Heading))
        );

    /// <summary>A numbered part of a document, such as a page, which is named by its title if it has one, else by its number.</summary>
    public SourceDocument? Part(string kind, int number, string text, string title = "")
    {
        shared[kind] = number;
        return Document(
            text,
            number,
            title.Length > 0 ? Slug(title) : string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}"),
            title
        );
    }

    private SourceDocument? Document(string text, int line, string name, string section)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (SourceEncoding.Fault(text) is { } fault)
        {
            int at = text.AsSpan().IndexOfAny(SourceEncoding.Invalid, '\0');
            return scope.Bad(line + text.AsSpan(0, at).Count('\n'), fault);
        }

        var metadata = (JsonObject)shared.DeepClone();
        if (section.Length > 0)
            metadata["section"] = section;
        return new()
        {
            Id = scope.Ids.OfSection(name),
            HasMadeId = true,
            Text = text,
            Metadata = metadata,
            Source = scope.Source,
            Line = line,
        };
    }

    /// <summary>A heading as addresses write it: small letters and digits, all else a hyphen.</summary>
    private static string Slug(string heading)
    {
        StringBuilder slug = new(heading.Length);
        foreach (Rune rune in heading.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
                slug.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        return slug.ToString().TrimEnd('-');
    }
}
