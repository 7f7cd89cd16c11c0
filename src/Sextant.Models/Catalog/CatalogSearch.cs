using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Models.Hub;

namespace Sextant.Models.Catalog;

/// <summary>
/// Finds a model of the catalog by its short name: on disk, at the hub, or in a NuGet package, in that order. Logs once per name where the
/// model was found.
/// </summary>
internal sealed class CatalogSearch(ILoggerFactory? logs = null)
{
    private readonly ILogger _logger = (logs ?? NullLoggerFactory.Instance).CreateLogger("Sextant.Models");
    private readonly ConcurrentDictionary<string, string> _said = new(StringComparer.Ordinal);

    /// <summary>The folder of <paramref name="known"/>, downloaded if needed.</summary>
    /// <param name="asked">The requested name.</param>
    /// <param name="known">The model.</param>
    /// <param name="sources">All sources that may have it.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <exception cref="InputException">No source has the model; the message lists the sources searched.</exception>
    public async Task<ModelFolder> GetAsync(
        string asked,
        CatalogEntry known,
        IReadOnlyList<IModelSource> sources,
        CancellationToken cancellationToken
    )
    {
        (string Name, IModelSource Source)[] places = [.. Places(known, sources)];
        foreach ((string name, IModelSource source) in places)
        {
            if (await source.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } here)
            {
                return Say(asked, here, null);
            }
        }

        var failures = new List<SextantException>();
        foreach ((string name, IModelSource source) in places)
        {
            try
            {
                ModelFolder found =
                    source is HubModelProvider hub && places.Length > 1
                        ? await hub.TryOnceAsync(name, cancellationToken).ConfigureAwait(false)
                        : await source.GetAsync(name, cancellationToken).ConfigureAwait(false);
                return Say(asked, found, failures.FirstOrDefault());
            }
            catch (SextantException e) when (places.Length > 1)
            {
                failures.Add(e);
            }
        }

        string where = string.Join("; ", failures.Select(static e => e.Message));
        string message = $"{asked} is not on this disk, and was not found elsewhere: {where}";
        Remedy[] remedies = [.. failures.SelectMany(static e => e.Remedies)];
        throw failures.TrueForAll(static e => e is InputException)
            ? new InputException(message, failures[^1]) { Remedies = remedies }
            : new SextantException(message, failures[^1]) { Remedies = remedies };
    }

    /// <summary>Where <paramref name="known"/> is on this disk; sends nothing.</summary>
    public static string? Locate(CatalogEntry known, IReadOnlyList<IModelSource> sources) =>
        Places(known, sources).Select(static place => place.Source.Locate(place.Name)).FirstOrDefault(static found => found is not null);

    /// <summary>Whether <paramref name="known"/> is a model that is fetched from one of <paramref name="sources"/>.</summary>
    public static bool IsFetched(CatalogEntry known, IReadOnlyList<IModelSource> sources) => Places(known, sources).Any();

    private static IEnumerable<(string Name, IModelSource Source)> Places(CatalogEntry known, IReadOnlyList<IModelSource> sources)
    {
        foreach (
            string name in known.NuGetPackage is { } package ? [known.Name, ModelCatalog.PackagePrefix + package] : (string[])[known.Name]
        )
        {
            if (sources.FirstOrDefault(s => s.Handles(name)) is { } source)
            {
                yield return (name, source);
            }
        }
    }

    private ModelFolder Say(string asked, ModelFolder folder, SextantException? failure)
    {
        if (!_said.TryAdd(asked, folder.Name))
        {
            return folder;
        }

#pragma warning disable CA1848, CA1873 // Once for each model of a process.
        if (failure is not null)
        {
            _logger.LogWarning("{Failure}; {Model}: {Name} from {Origin} instead", failure.Message, asked, folder.Name, folder.Origin);
        }
        else
        {
            _logger.LogInformation("{Model}: {Name} from {Origin}", asked, folder.Name, folder.Origin);
        }
#pragma warning restore CA1848, CA1873
        return folder;
    }
}
