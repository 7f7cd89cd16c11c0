using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Xml;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Packaging.Signing;
using NuGet.Protocol;
using NuGet.Versioning;
using Sextant.Models.Catalog;
using Sextant.NuGetModels.Feeds;
using ILogger = NuGet.Common.ILogger;

namespace Sextant.NuGetModels.Packages;

/// <summary>
/// The packages on this disk: NuGet's global packages folder, which <c>dotnet restore</c> fills and reads as well, and its fallback
/// folders.
/// </summary>
internal sealed class PackageFolders(FeedSettings settings, ILogger log)
{
    // The hash, the source and a version take a few hundred bytes.
    private const int MaxMetadataBytes = 64 << 10;

    /// <summary>Versions of a package that are here, unordered.</summary>
    public IEnumerable<NuGetVersion> Versions(string id)
    {
        foreach (string root in settings.PackageFolders)
        {
            string folder = new VersionFolderPathResolver(root).GetVersionListPath(id);
            foreach (string version in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
            {
                if (NuGetVersion.TryParse(Path.GetFileName(version), out NuGetVersion? parsed) && Find(id, parsed) is not null)
                {
                    yield return parsed;
                }
            }
        }
    }

    /// <summary>A package that is here whole.</summary>
    public InstalledPackage? Find(string id, NuGetVersion version)
    {
        foreach (string root in settings.PackageFolders)
        {
            var paths = new VersionFolderPathResolver(root);
            string file = paths.GetPackageFilePath(id, version);
            // NuGet writes this file last.
            if (File.Exists(file) && ReadHash(paths.GetNupkgMetadataPath(id, version)) is { } hash)
            {
                return new InstalledPackage(version, file, paths.GetInstallPath(id, version), hash);
            }
        }

        return null;
    }

    /// <summary>
    /// Puts a package that was fetched into the global packages folder. Its signature is checked as the user's settings demand; that it
    /// does no harm was checked before.
    /// </summary>
    /// <exception cref="InputException">It is another package, or its signature is not one that the settings allow.</exception>
    public async Task<InstalledPackage> InstallAsync(
        PackageName package,
        NuGetVersion version,
        string nupkg,
        string feed,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await PackageSignature.RequireAsync(nupkg, package.Name, settings.NuGet, log, cancellationToken).ConfigureAwait(false);
            using FileStream stream = File.OpenRead(nupkg);
            using NuGet.Protocol.Core.Types.DownloadResourceResult added = await GlobalPackagesFolderUtility
                .AddPackageAsync(
                    feed,
                    new PackageIdentity(package.Id, version),
                    stream,
                    settings.PackageFolders[0],
                    Guid.Empty,
                    ClientPolicyContext.GetClientPolicy(settings.NuGet, log),
                    log,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SignatureException e)
        {
            string reasons = string.Join(
                "; ",
                (e.Results ?? [])
                    .SelectMany(static r => r.Issues)
                    .Where(static i => i.Level >= NuGet.Common.LogLevel.Warning)
                    .Select(static i => i.Message)
                    .Distinct()
                    .Take(3)
            );
            throw new InputException($"{package.Name}: its signature is not valid: {(reasons.Length > 0 ? reasons : e.Message)}", e);
        }
        catch (Exception e) when (e is PackagingException or InvalidDataException)
        {
            throw new InputException($"{package.Name}: the package cannot be installed: {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SextantException(
                $"{package.Name}: cannot write to the global packages folder {settings.PackageFolders[0]}: {e.Message} (set "
                    + $"NUGET_PACKAGES to use another)",
                e
            );
        }

        return Find(package.Id, version)
            ?? throw new SextantException(
                $"{package.Name}: the package is not in {settings.PackageFolders[0]} although it was installed there"
            );
    }

    /// <summary>
    /// Computes the content hash of a package file: the hash of the signed content, so that a signature added later does not change it.
    /// </summary>
    public static string HashOf(string nupkg, string name)
    {
        try
        {
            using var reader = new PackageArchiveReader(nupkg);
            return reader.GetContentHash(CancellationToken.None, () => Hash(nupkg));
        }
        catch (Exception e) when (e is PackagingException or InvalidDataException or SignatureException)
        {
            throw new InputException($"{name}: the package is damaged: {e.Message}", e);
        }
    }

    /// <summary>The id of a package file as it writes it itself: names of one model must not differ by what case a user types.</summary>
    /// <exception cref="InputException">The file is of another package or version, or damaged.</exception>
    public static string IdOf(string nupkg, string asked, NuGetVersion version)
    {
        string name = $"{PackageName.Prefix}{asked}@{version.ToNormalizedString()}";
        try
        {
            using var reader = new PackageArchiveReader(nupkg);
            PackageIdentity identity = reader.NuspecReader.GetIdentity();
            return string.Equals(identity.Id, asked, StringComparison.OrdinalIgnoreCase) && identity.Version == version
                ? identity.Id
                : throw new InputException($"{name}: the file is another package, {identity.Id} {identity.Version}");
        }
        catch (Exception e) when (e is PackagingException or InvalidDataException or XmlException or ArgumentException)
        {
            throw new InputException($"{name}: the package's manifest is damaged: {e.Message}", e);
        }
    }

    /// <summary>Compares a package's content hash with the one in the catalog.</summary>
    /// <exception cref="InputException">They differ.</exception>
    public static void RequireKnownHash(string id, NuGetVersion version, string hash, string place)
    {
        CatalogEntry? known = ModelCatalog.Default.Find(ModelCatalog.PackagePrefix + id);
        if (
            known?.NuGetContentHash is { } expected
            && known.NuGetPackage == $"{known.NuGetPackage!.Split('@')[0]}@{version.ToNormalizedString()}"
            && hash != expected
        )
        {
            throw new InputException(
                $"nuget:{id}@{version.ToNormalizedString()}: {place} is not the package in the catalog: its content hash is "
                    + $"{Start(hash)}…, not {Start(expected)}…; "
                    + "delete it, and fetch it from a feed that you trust"
            );
        }
    }

    private static string Start(string hash) => hash[..Math.Min(12, hash.Length)];

    private static string Hash(string nupkg)
    {
        using FileStream stream = File.OpenRead(nupkg);
        return Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData(stream));
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "A package whose metadata cannot be read counts as not installed, as it does for NuGet."
    )]
    private static string? ReadHash(string path)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MaxMetadataBytes)
            {
                return null;
            }

            using JsonDocument metadata = JsonDocument.Parse(File.ReadAllBytes(path));
            return metadata.RootElement.TryGetProperty("contentHash", out JsonElement hash) ? hash.GetString() : null;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
