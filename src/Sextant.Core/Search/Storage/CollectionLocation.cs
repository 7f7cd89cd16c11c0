using Microsoft.Extensions.Logging;
using Sextant.Search.Storage.Local;

namespace Sextant.Search.Storage;

/// <summary>Where a collection is, or can be created. The store that it opens takes it over and disposes it.</summary>
public abstract class CollectionLocation : IAsyncDisposable
{
    /// <summary>The name for messages; it never contains a password.</summary>
    public abstract string Name { get; }

    /// <summary>Reads the manifest of the collection here.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The manifest; <see langword="null"/> when there is no collection.</returns>
    /// <exception cref="SextantException">The location cannot be reached, or the collection is damaged.</exception>
    public abstract Task<Manifest?> ReadManifestAsync(CancellationToken cancellationToken);

    /// <summary>Creates an empty collection, unless another program has created one since <see cref="ReadManifestAsync"/>.</summary>
    /// <param name="manifest">The manifest of the new collection.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="SextantException">It cannot be created.</exception>
    public abstract Task CreateAsync(Manifest manifest, CancellationToken cancellationToken);

    /// <summary>Opens the collection here.</summary>
    /// <param name="manifest">The manifest that <see cref="ReadManifestAsync"/> returned.</param>
    /// <param name="logger">Receives what a user should know.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The store, which disposes this location with itself.</returns>
    public abstract Task<CollectionStore> OpenAsync(Manifest manifest, ILogger logger, CancellationToken cancellationToken);

    /// <summary>Deletes the collection here; does nothing where it does not exist.</summary>
    /// <param name="cancellationToken">Stops.</param>
    public abstract Task DeleteAsync(CancellationToken cancellationToken);

    /// <summary>Closes connections that reading the manifest opened.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns the location of a provider, or else that of a folder.</summary>
    /// <param name="location">A location that one of the providers handles, or the path of a folder.</param>
    /// <param name="providers">The providers, asked in this order.</param>
    /// <param name="readOnly">Whether nothing is written to a folder.</param>
    /// <exception cref="InputException">The location is malformed.</exception>
    public static CollectionLocation Resolve(string location, IReadOnlyList<CollectionProvider> providers, bool readOnly = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        ArgumentNullException.ThrowIfNull(providers);
        foreach (CollectionProvider provider in providers)
        {
            if (provider.Handles(location))
                return provider.GetLocation(location);
        }

        return new LocalLocation(location, readOnly);
    }
}
