using NuGet.Configuration;
using Sextant.Models.Hub;

namespace Sextant.NuGetModels.Feeds;

/// <summary>The settings from the options, the <c>nuget.config</c> files and the environment.</summary>
internal sealed record FeedSettings
{
    public required ISettings NuGet { get; init; }

    /// <summary>Where packages are looked for on this disk; the first is the global packages folder, where new ones go.</summary>
    public required IReadOnlyList<string> PackageFolders { get; init; }

    public required IReadOnlyList<PackageSource> Sources { get; init; }

    public required PackageSourceMapping Mapping { get; init; }

    public required string CacheDirectory { get; init; }

    public required bool Offline { get; init; }

    public required long MaxBytes { get; init; }

    /// <exception cref="InputException">A <c>nuget.config</c> is damaged; the message names it.</exception>
    public static FeedSettings Resolve(NuGetModelOptions options)
    {
        try
        {
            ISettings settings = Settings.LoadDefaultSettings(options.ConfigDirectory ?? Directory.GetCurrentDirectory());
            return new FeedSettings
            {
                NuGet = settings,
                PackageFolders =
                [
                    SettingsUtility.GetGlobalPackagesFolder(settings),
                    .. SettingsUtility.GetFallbackPackageFolders(settings),
                ],
                Sources = [.. PackageSourceProvider.LoadPackageSources(settings).Where(static s => s.IsEnabled)],
                Mapping = PackageSourceMapping.GetPackageSourceMapping(settings),
                CacheDirectory = Path.GetFullPath(options.CacheDirectory ?? Path.Combine(SextantPaths.CacheDirectory, "models", "nuget")),
                Offline = options.Offline || new HubClient().IsOffline,
                MaxBytes = options.MaxBytes,
            };
        }
        catch (NuGetConfigurationException e)
        {
            throw new InputException($"the NuGet configuration cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The feeds that may have the package: those that it is mapped to; when offline, only folders.</summary>
    /// <exception cref="InputException">No feed may have the package.</exception>
    public IReadOnlyList<PackageSource> SourcesOf(PackageName package)
    {
        IReadOnlyList<string>? mapped = Mapping.IsEnabled ? Mapping.GetConfiguredPackageSources(package.Id) : null;
        PackageSource[] allowed = [.. Sources.Where(s => mapped?.Contains(s.Name, StringComparer.OrdinalIgnoreCase) ?? true)];
        if (allowed.Length == 0)
        {
            throw new InputException(
                mapped is null
                    ? $"{package.Name}: no NuGet feed is configured; add one with: dotnet nuget add source ADDRESS"
                    : $"{package.Name}: the package source mapping in nuget.config allows {package.Id} from no enabled feed"
            );
        }

        return Offline ? [.. allowed.Where(IsOnThisDisk)] : allowed;
    }

    // A share of another machine is a network as well.
    private static bool IsOnThisDisk(PackageSource source) => source.IsLocal && source.TrySourceAsUri is not { IsUnc: true };
}
