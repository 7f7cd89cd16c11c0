using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Sextant.Sources.Formats.Pages;

namespace Sextant.Sources.Formats.Documents;

/// <summary>Electronic books (.epub): the chapters in reading order, each read as an HTML page (EPUB 3.3, sections 4 and 5).</summary>
internal static class EpubFile
{
    private static readonly XNamespace Container = "urn:oasis:names:tc:opendocument:xmlns:container";
    private static readonly XNamespace Package = "http://www.idpf.org/2007/opf";
    private static readonly XNamespace Terms = "http://purl.org/dc/elements/1.1/";

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        using ZipArchive? book = Open(stream, scope, out string folder, out XDocument? package);
        if (book is null || package is null)
            yield break;
        JsonObject metadata = [];
        foreach ((string name, XName element) in new[] { ("title", Terms + "title"), ("author", Terms + "creator") })
        {
            if (package.Descendants(element).FirstOrDefault()?.Value.Trim() is { Length: > 0 } value)
                metadata[name] = value;
        }

        Dictionary<string, string> hrefs = package
            .Descendants(Package + "item")
            .Where(static item => item.Attribute("id") is not null)
            .GroupBy(static item => item.Attribute("id")!.Value)
            .ToDictionary(static g => g.Key, static g => g.First().Attribute("href")?.Value ?? "");
        int chapter = 0;
        foreach (XElement itemref in package.Descendants(Package + "itemref"))
        {
            chapter++;
            if (!hrefs.TryGetValue(itemref.Attribute("idref")?.Value ?? "", out string? href))
                continue;
            if (book.GetEntry(Resolve(folder, href)) is not { } entry)
            {
                scope.Bad(chapter, $"the chapter {href} is missing from the book; download the file again");
                continue;
            }

            if (Bytes(entry, chapter, scope) is not { } page)
                continue;
            metadata["chapter"] = chapter;
            foreach (SourceDocument section in HtmlPage.Sections(page, scope, (JsonObject)metadata.DeepClone()))
            {
                yield return section with
                {
                    Line = chapter,
                };
            }
        }
    }

    private static ZipArchive? Open(Stream stream, SourceScope scope, out string folder, out XDocument? package)
    {
        (folder, package) = ("", null);
        try
        {
            ZipArchive book = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            string root =
                Xml(book, "META-INF/container.xml").Descendants(Container + "rootfile").First().Attribute("full-path")?.Value ?? "";
            folder = root[..(root.LastIndexOf('/') + 1)];
            package = Xml(book, root);
            return book;
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or InvalidOperationException)
        {
            scope.Bad(1, $"the book cannot be read ({SourceScope.Reason(e)}); download the file again", e);
            return null;
        }
    }

    // A document type may name files of this machine, so none is resolved.
    private static XDocument Xml(ZipArchive book, string name)
    {
        ZipArchiveEntry entry = book.GetEntry(name) ?? throw new InvalidDataException($"it has no {name}");
        using Stream content = entry.Open();
        using var reader = XmlReader.Create(
            content,
            new()
            {
                DtdProcessing = DtdProcessing.Ignore,
                XmlResolver = null,
                MaxCharactersInDocument = SourceScope.MaxCharacters,
            }
        );
        return XDocument.Load(reader);
    }

    private static byte[]? Bytes(ZipArchiveEntry entry, int chapter, SourceScope scope)
    {
        try
        {
            using Stream content = entry.Open();
            if (HtmlPage.ReadAll(content) is { } bytes)
                return bytes;
            scope.Bad(chapter, $"the chapter {entry.FullName} is larger than {HtmlPage.MaxBytes / 1024 / 1024} MiB");
        }
        catch (InvalidDataException e)
        {
            scope.Bad(chapter, $"the chapter {entry.FullName} is damaged ({SourceScope.Reason(e)}); download the file again", e);
        }

        return null;
    }

    private static string Resolve(string folder, string href)
    {
        List<string> parts = [];
        foreach (string part in (folder + Uri.UnescapeDataString(href.Split('#')[0])).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('/', parts);
    }
}
