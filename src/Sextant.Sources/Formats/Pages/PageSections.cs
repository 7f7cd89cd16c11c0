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
    public SourceDocument? Section(string text, int line)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (SourceEncoding.Fault(text) is { } fault)
        {
            int at = text.AsSpan().IndexOfAny(SourceEncoding.Invalid, '\0');
            return scope.Bad(line + text.AsSpan(0, at).Count('\n'), fault);
        }

        var metadata = (JsonObject)shared.DeepClone();
        if (_above.Count > 0) metadata["section"] = string.Join(" > ", _above.Select(above => above.Heading));
        return new()
        {
            Id = scope.Ids.OfSection(string.Join('/', _above.Select(above => Slug(above.Heading)))),
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
            if (Rune.IsLetterOrDigit(rune)) slug.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        return slug.ToString().TrimEnd('-');
    }
}
