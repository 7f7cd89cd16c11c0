using System.IO.Compression;
using System.Text;
using System.Text.Json;
using NuGet.Packaging;
using Sextant.NuGetModels.Layouts;

namespace Sextant.NuGetModels.Packing;

/// <summary>Writes a package whose bytes depend on its content alone: entries in order, all of one date.</summary>
internal static class PackageWriter
{
    public const string Readme = "README.md";

    // The oldest date that a ZIP file can hold.
    private static readonly DateTimeOffset Date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the package to <paramref name="stream"/>.</summary>
    /// <param name="stream">The target stream.</param>
    /// <param name="metadata">The metadata of the package.</param>
    /// <param name="readme">The text of its readme.</param>
    /// <param name="folder">The model's folder in the package.</param>
    /// <param name="files">The model's files.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public static void Write(
        Stream stream,
        ManifestMetadata metadata,
        string readme,
        string folder,
        IReadOnlyList<PackedFile> files,
        CancellationToken cancellationToken
    )
    {
        PackedFile[] ordered = [.. files.OrderBy(static f => f.Path, StringComparer.Ordinal)];
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using var nuspec = new MemoryStream();
        new Manifest(metadata).Save(nuspec);
        Add(zip, $"{metadata.Id}.nuspec", nuspec.ToArray());
        Add(
            zip,
            "[Content_Types].xml",
            Utf8.GetBytes(ContentTypes([$"{metadata.Id}.nuspec", Readme, PackedLayout.FileName, .. ordered.Select(static f => f.Path)]))
        );
        Add(
            zip,
            "_rels/.rels",
            Utf8.GetBytes(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Relationships "
                    + "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                    + $"<Relationship Type=\"http://schemas.microsoft.com/packaging/2010/07/manifest\" Target=\"/{metadata.Id}.nuspec\" "
                    + $"Id=\"R1\" /></Relationships>\n"
            )
        );
        Add(zip, Readme, Utf8.GetBytes(readme));
        if (metadata.LicenseMetadata is { Type: LicenseType.File, License: { } license })
        {
            using var text = new MemoryStream();
            using Stream source = ordered.Single(f => f.Path == license).Open();
            source.CopyTo(text);
            Add(zip, license, text.ToArray());
        }

        var document = new PackedLayout.Document(
            PackedLayout.Version,
            folder,
            [.. ordered.Select(static f => new PackedLayout.Packed(f.Path, f.Bytes, f.Sha256))]
        );
        Add(zip, PackedLayout.FileName, JsonSerializer.SerializeToUtf8Bytes(document, PackedLayout.Json));
        foreach (PackedFile file in ordered)
        {
            using Stream source = file.Open();
            using Stream entry = Create(zip, $"{folder}/{file.Path}").Open();
            if (ModelUnpacker.Copy(source, entry, cancellationToken) != file.Sha256)
            {
                throw new SextantException($"{file.Path} changed during packing; pack it again");
            }
        }
    }

    private static void Add(ZipArchive zip, string path, byte[] content)
    {
        using Stream entry = Create(zip, path).Open();
        entry.Write(content);
    }

    private static ZipArchiveEntry Create(ZipArchive zip, string path)
    {
        // OPC requires non-ASCII and reserved characters of a path to be written as %XX.
        ZipArchiveEntry entry = zip.CreateEntry(
            path == "[Content_Types].xml" ? path : string.Join('/', path.Split('/').Select(Uri.EscapeDataString)),
            CompressionLevel.Optimal
        );
        entry.LastWriteTime = Date;
        entry.ExternalAttributes = 0;
        return entry;
    }

    private static string ContentTypes(IEnumerable<string> paths)
    {
        IEnumerable<string> extensions = paths
            .Select(static p => Path.GetExtension(p).TrimStart('.'))
            .Where(static e => e.Length > 0)
            .Append("rels")
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal);
        string types = string.Concat(
            extensions.Select(static e =>
                $"<Default Extension=\"{e}\" "
                + $"ContentType=\"{(e == "rels" ? "application/vnd.openxmlformats-package.relationships+xml" : "application/octet")}\" />"
            )
        );
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Types "
            + $"xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{types}</Types>\n";
    }
}
