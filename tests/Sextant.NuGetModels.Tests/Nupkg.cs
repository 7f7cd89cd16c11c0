using System.IO.Compression;
using System.Text;
using Sextant.Models.Static;
using Sextant.Tests.Shared;

namespace Sextant.NuGetModels.Tests;

/// <summary>Makes packages, good and bad ones.</summary>
internal static class Nupkg
{
    public static readonly string[] Tokens = ["[UNK]", "cat", "dog", "car"];

    public static readonly float[] Rows = [0, 0, 1, 0, 0.8f, 0.6f, 0, 1];

    /// <summary>A package of these entries, and its manifest.</summary>
    public static byte[] Of(
        string id,
        string version,
        IEnumerable<(string Path, byte[] Bytes)> entries,
        CompressionLevel level = CompressionLevel.Fastest,
        string? manifest = null
    )
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(
                zip,
                $"{id}.nuspec",
                Encoding.UTF8.GetBytes(
                    manifest
                        ?? $"""
                        <?xml version="1.0" encoding="utf-8"?>
                        <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                          <metadata><id>{id}</id><version>{version}</version><authors>us</authors>
                          <description>a model</description></metadata>
                        </package>
                        """
                ),
                level
            );
            foreach ((string path, byte[] bytes) in entries)
            {
                Add(zip, path, bytes, level);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The files of a static model of two dimensions that knows "cat", "dog" and "car".</summary>
    public static IEnumerable<(string Path, byte[] Bytes)> StaticModel(string under)
    {
        using var folder = new TempFolder();
        new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = Rows,
            Dimensions = 2,
            Quantize = false,
        }.Save(folder.Path);
        return [.. Directory.GetFiles(folder.Path).Select(path => ($"{under}/{Path.GetFileName(path)}", File.ReadAllBytes(path)))];
    }

    /// <summary>A package with that model in <c>models/</c>.</summary>
    public static byte[] Static(string id, string version) => Of(id, version, StaticModel("models/tiny"));

    private static void Add(ZipArchive zip, string path, byte[] bytes, CompressionLevel level)
    {
        using Stream entry = zip.CreateEntry(path, level).Open();
        entry.Write(bytes);
    }
}
