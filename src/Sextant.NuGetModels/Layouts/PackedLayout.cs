using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.NuGetModels.Packages;

namespace Sextant.NuGetModels.Layouts;

/// <summary>
/// A model that was packed here: <see cref="FileName"/> names its folder in the package, and the hash of each of its files.
/// </summary>
internal static class PackedLayout
{
    public const string FileName = "sextant-model.json";

    public const int Version = 1;

    private const int MaxBytes = 4 << 20;

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The content of the file.</summary>
    /// <param name="Version">The version of this format.</param>
    /// <param name="Folder">The model's folder in the package.</param>
    /// <param name="Files">Its files.</param>
    public sealed record Document(
        [property: JsonPropertyOrder(0)] int Version,
        [property: JsonPropertyOrder(1)] string Folder,
        [property: JsonPropertyOrder(2)] IReadOnlyList<Packed> Files
    );

    /// <summary>One file of the model.</summary>
    /// <param name="Path">In the model's folder.</param>
    /// <param name="Bytes">Its length.</param>
    /// <param name="Sha256">64 hexadecimal digits.</param>
    public sealed record Packed(string Path, long Bytes, string Sha256);

    /// <summary>The files of the model; <see langword="null"/> when the package was not made here.</summary>
    /// <exception cref="InputException">The package's manifest does not match its files.</exception>
    public static IReadOnlyList<ModelFile>? TryRead(PackageFile package)
    {
        if (!package.Entries.TryGetValue(FileName, out System.IO.Compression.ZipArchiveEntry? entry))
        {
            return null;
        }

        if (entry.Length > MaxBytes)
        {
            throw new InputException($"{package.Name}: {FileName} has {entry.Length} bytes, which is too large for it");
        }

        Document document = Parse(package);
        HashSet<string> listed = new(StringComparer.OrdinalIgnoreCase);
        foreach (Packed file in document.Files)
        {
            string path = $"{document.Folder}/{file.Path}";
            if (
                !PackageFile.IsSafe(path)
                || !listed.Add(path)
                || !package.Entries.TryGetValue(path, out System.IO.Compression.ZipArchiveEntry? packed)
                || packed.Length != file.Bytes
            )
            {
                throw new InputException(
                    $"{package.Name}: {FileName} lists '{file.Path}', which is missing from the package or has changed"
                );
            }
        }

        if (FolderLayout.Under(package, document.Folder).FirstOrDefault(f => !listed.Contains($"{document.Folder}/{f.Path}")) is { } extra)
        {
            throw new InputException($"{package.Name}: the package contains '{extra.Path}', which {FileName} does not list");
        }

        return [.. document.Files.Select(f => new ModelFile(f.Path, () => package.OpenEntry($"{document.Folder}/{f.Path}"), f.Sha256))];
    }

    private static Document Parse(PackageFile package)
    {
        try
        {
            using Stream stream = package.OpenEntry(FileName);
            Document? document = JsonSerializer.Deserialize<Document>(stream, Json);
            return document switch
            {
                null or { Files: null } => throw new InputException($"{package.Name}: {FileName} is not a list of files"),
                { Version: not Version } => throw new InputException(
                    $"{package.Name}: {FileName} has version {document.Version}; this version of Sextant reads {Version}"
                ),
                _ => document,
            };
        }
        catch (JsonException e)
        {
            throw new InputException($"{package.Name}: {FileName} is damaged: {e.Message}", e);
        }
    }
}
