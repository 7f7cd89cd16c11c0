using System.Buffers;
using System.IO.Hashing;

namespace Sextant.NuGetModels.Packages;

/// <summary>The manifest of an unpacked model (<see cref="FileName"/>): its package, and each file with its checksum.</summary>
/// <param name="FormatVersion">The version of this format.</param>
/// <param name="Id">The package id, in the package's own spelling.</param>
/// <param name="Version">Its version.</param>
/// <param name="ContentHash">Its content hash.</param>
/// <param name="Files">The files of the model.</param>
internal sealed record UnpackedModel(
    int FormatVersion,
    string Id,
    string Version,
    string ContentHash,
    IReadOnlyList<UnpackedModel.Item> Files
)
{
    public const string FileName = "unpacked.json";

    public const int CurrentFormat = 1;

    /// <summary>One file.</summary>
    /// <param name="Path">In the model's folder, with forward slashes.</param>
    /// <param name="Bytes">Its length.</param>
    /// <param name="Checksum">XXH128: it finds damage; forgery was ruled out when the package was unpacked.</param>
    public sealed record Item(string Path, long Bytes, string Checksum);

    /// <summary>Lists the files of a folder.</summary>
    public static IReadOnlyList<Item> List(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => new Item(Path.GetRelativePath(folder, path).Replace('\\', '/'), new FileInfo(path).Length, Checksum(path)))
                .OrderBy(static item => item.Path, StringComparer.Ordinal),
        ];

    /// <summary>Whether the files in <paramref name="folder"/> are unchanged since unpacking.</summary>
    public bool IsIntact(string folder) =>
        FormatVersion == CurrentFormat
        && Files.All(item =>
            new FileInfo(Path.Combine(folder, item.Path)) is { Exists: true } file
            && file.Length == item.Bytes
            && Checksum(file.FullName) == item.Checksum
        );

    private static string Checksum(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var hash = new XxHash128();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        for (int read; (read = stream.Read(buffer)) > 0; )
        {
            hash.Append(buffer.AsSpan(0, read));
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
