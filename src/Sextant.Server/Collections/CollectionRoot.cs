using Sextant.Search.Storage;

namespace Sextant.Server.Collections;

/// <summary>The location of the collections, one per name.</summary>
internal abstract class CollectionRoot
{
    /// <summary>What comes before a collection's name in messages that are not meant for clients.</summary>
    public abstract string Prefix { get; }

    /// <summary>Whether collections can be neither made nor deleted here.</summary>
    public virtual bool IsReadOnly => false;

    /// <summary>Finds the root that the options name: a location of one of the providers, or a folder.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    public static CollectionRoot Create(ServerOptions options) =>
        options.CollectionProviders.FirstOrDefault(provider => provider.Handles(options.Collections)) is { } provider
            ? new DatabaseRoot(options.Collections, provider)
            : new FolderRoot(options);

    /// <summary>The names of all existing collections, in order.</summary>
    public abstract Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What <see cref="SemanticSearchEngine.OpenAsync(string, SemanticSearchEngineOptions?, CancellationToken)"/> takes for a name.
    /// </summary>
    public abstract string LocationOf(string name);

    /// <summary>The manifest of a collection; <see langword="null"/> when it is not there.</summary>
    public abstract Task<Manifest?> ManifestAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Whether another process removed the files of a collection that may still be open here. Asked by every request, so it must be quick.
    /// </summary>
    public virtual bool IsGone(string name) => false;

    /// <summary>Deletes a collection that this process does not use.</summary>
    public abstract Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// What keeps collections from being written, without names of this machine; <see langword="null"/> when nothing does.
    /// </summary>
    public abstract Task<string?> ProblemAsync(CancellationToken cancellationToken);
}
