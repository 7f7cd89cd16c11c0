using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>
/// Opens collections of a database by their location, such as <c>postgres://…</c>. Derive from it, <see cref="CollectionLocation"/> and
/// <see cref="CollectionStore"/> to store collections elsewhere, and add it to
/// <see cref="SemanticSearchEngineOptions.CollectionProviders"/>.
/// </summary>
/// <remarks>
/// A database that has a <c>Microsoft.Extensions.VectorData</c> connector needs none of this: Sextant.VectorData opens it. The package
/// Sextant.ConformanceTests tests a store.
/// </remarks>
public abstract class CollectionProvider
{
    /// <summary>Whether <paramref name="location"/> is one of this provider's, by its form alone. Sends nothing.</summary>
    public abstract bool Handles(string location);

    /// <summary>Parses the location of a collection. Sends nothing.</summary>
    /// <param name="location">A location that this provider handles, with the name of a collection after <c>#</c>.</param>
    /// <exception cref="InputException">The location is malformed; the message does not repeat a password in it.</exception>
    public abstract CollectionLocation GetLocation(string location);

    /// <summary>The names of all collections at a location.</summary>
    /// <param name="location">A location that this provider handles, without the name of a collection.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">The location is malformed; the message does not repeat a password in it.</exception>
    /// <exception cref="SextantException">The database cannot be reached.</exception>
    public abstract Task<IReadOnlyList<string>> ListAsync(string location, CancellationToken cancellationToken);
}
