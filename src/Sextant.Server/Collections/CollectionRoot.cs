using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Server.Collections;

/// <summary>Where the collections are, one for each name.</summary>
internal abstract class CollectionRoot
{
    /// <summary>What comes before a collection's name in messages that are not meant for clients.</summary>
    public abstract string Prefix { get; }

    /// <summary>Finds the root that a setting names: a place of one of the providers, or a folder, which is made when it is not there.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    public static CollectionRoot Of(string setting, IReadOnlyList<CollectionProvider> providers) =>
        providers.FirstOrDefault(provider => provider.Handles(setting)) is { } provider ? new DatabaseRoot(setting, provider) : new FolderRoot(setting);

    /// <summary>The names of all that are there, in their order.</summary>
    public abstract Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken);

    /// <summary>What <see cref="SemanticSearchEngine.OpenAsync(string, SemanticSearchEngineOptions?, CancellationToken)"/> takes for a name.</summary>
    public abstract string LocationOf(string name);

    /// <summary>The manifest of a collection; <see langword="null"/> when it is not there.</summary>
    public abstract Task<Manifest?> ManifestAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes a collection that nobody here uses.</summary>
    public abstract Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>What keeps collections from being written, without names of this machine; <see langword="null"/> when nothing does.</summary>
    public abstract Task<string?> ProblemAsync(CancellationToken cancellationToken);
}
