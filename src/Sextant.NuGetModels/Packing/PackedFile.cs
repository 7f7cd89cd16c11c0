using System.Security.Cryptography;
using Sextant.NuGetModels.Packages;

namespace Sextant.NuGetModels.Packing;

/// <summary>A file of a model that goes into its package.</summary>
internal sealed class PackedFile
{
    // The same weights for other frameworks, and what training left behind.
    private static readonly string[] LeftOut =
    [
        "pytorch_model.bin",
        "tf_model.h5",
        "flax_model.msgpack",
        "rust_model.ot",
        "checkpoint.safetensors",
    ];

    private readonly Func<Stream> _open;

    /// <summary>A file on the disk.</summary>
    public PackedFile(string path, string source)
    {
        Path = path;
        _open = () => new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using Stream stream = _open();
        Bytes = stream.Length;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>A file that is made for the package.</summary>
    public PackedFile(string path, byte[] content)
    {
        Path = path;
        _open = () => new MemoryStream(content, writable: false);
        Bytes = content.Length;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
    }

    /// <summary>In the model's folder, with forward slashes.</summary>
    public string Path { get; }

    public long Bytes { get; }

    public string Sha256 { get; }

    public Stream Open() => _open();

    /// <summary>The files of a folder; hidden ones, checkpoints and weights that nothing here reads stay out.</summary>
    /// <exception cref="InputException">A file's name cannot be unpacked on every system.</exception>
    public static IEnumerable<PackedFile> List(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };
        foreach (string source in Directory.EnumerateFiles(folder, "*", options))
        {
            string path = System.IO.Path.GetRelativePath(folder, source).Replace('\\', '/');
            if (path.Split('/').Any(static part => part.StartsWith('.')) || LeftOut.Contains(System.IO.Path.GetFileName(path)))
            {
                continue;
            }

            yield return PackageFile.IsSafe(path)
                ? new PackedFile(path, source)
                : throw new InputException($"{source}: a package cannot contain a file with this name; rename it");
        }
    }
}
