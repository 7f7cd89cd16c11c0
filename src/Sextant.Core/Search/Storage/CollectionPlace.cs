using Microsoft.Extensions.Logging;

namespace Sextant.Search.Storage;

/// <summary>Where a collection is or may be made. What it opens takes it over and disposes it.</summary>
internal abstract class CollectionPlace : IAsyncDisposable
{
    /// <summary>The name of the location in messages; it never holds a password.</summary>
    public abstract string Name { get; }

    /// <summary>The manifest of the collection at this location, or <see langword="null"/> if none exists.</summary>
    public abstract Task<Manifest?> ReadManifestAsync(CancellationToken cancellationToken);

    /// <summary>Creates an empty collection unless another process has created one.</summary>
    public abstract Task CreateAsync(Manifest manifest, CancellationToken cancellationToken);

    /// <summary>Opens the collection there, whose manifest has been read.</summary>
    public abstract Task<CollectionStore> OpenAsync(Manifest manifest, ILogger logger, CancellationToken cancellationToken);

    /// <summary>Removes the collection there, if there is one.</summary>
    public abstract Task DeleteAsync(CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The place that <paramref name="location"/> names: one of a provider, or else a folder.</summary>
    public static CollectionPlace Of(string location, IReadOnlyList<CollectionProvider> providers, bool readOnly = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        foreach (CollectionProvider provider in providers)
            if (provider.Handles(location)) return provider.Find(location);
        return new LocalPlace(location, readOnly);
    }
}
