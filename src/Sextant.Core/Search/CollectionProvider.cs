using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>
/// Opens collections that are no folders, by their location. Each database comes from a package of its own; any other is reached
/// through its <c>Microsoft.Extensions.VectorData</c> connector.
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
