using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>
/// Opens collections outside the file system by their location. Each supported database has its own package; others work through their
/// <c>Microsoft.Extensions.VectorData</c> connector.
/// </summary>
public abstract class CollectionProvider
{
    private protected CollectionProvider() { }

    /// <summary>Whether <paramref name="location"/> is one of this provider's, by its form alone.</summary>
    public abstract bool Handles(string location);

    /// <exception cref="InputException">The location is malformed; the message does not repeat a password in it.</exception>
    internal abstract CollectionPlace Find(string location);

    /// <summary>The names of the collections at a location that names none.</summary>
    internal abstract Task<IReadOnlyList<string>> ListAsync(string place, CancellationToken cancellationToken);
}
