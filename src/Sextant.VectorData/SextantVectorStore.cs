using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.VectorData;

/// <summary>
/// Collections offered as <c>Microsoft.Extensions.VectorData</c> collections: those of a folder, or of a database that one of the
/// <see cref="SemanticSearchEngineOptions.CollectionProviders"/> knows.
/// </summary>
/// <param name="location">A folder, or a location without its <c>#collection</c>.</param>
/// <param name="options">
/// The model that texts are embedded with, and more. Where it names no model, a collection's own model is used, and the built-in one for a
/// new collection whose vector property is a text.
/// </param>
public sealed class SextantVectorStore(string location, SemanticSearchEngineOptions? options = null) : VectorStore
{
    /// <summary>The name of this kind of store in telemetry and exceptions.</summary>
    internal const string SystemName = "sextant";

    /// <summary>
    /// The options for collections whose vector property is a text, if they differ from those of the store. With them, an existing
    /// collection is opened with the model it was created with; their model applies only to new ones.
    /// </summary>
    /// <value><see langword="null"/>: the options of the store apply to all collections.</value>
    public SemanticSearchEngineOptions? TextOptions { get; init; }

    /// <summary>
    /// Computes the vectors of properties whose definition and collection name no generator, of any input type, and embeds queries. It
    /// takes precedence over the model of the options.
    /// </summary>
    /// <value><see langword="null"/>: the engine of the collection embeds texts. The caller disposes it.</value>
    public IEmbeddingGenerator? EmbeddingGenerator { get; init; }

    internal SemanticSearchEngineOptions Options { get; } = options ?? new();

    private CollectionProvider? Provider => Options.CollectionProviders.FirstOrDefault(provider => provider.Handles(location));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The record type, its definition and the generators do not fit each other.</exception>
    public override SextantCollection<TKey, TRecord> GetCollection<TKey, TRecord>(
        string name,
        VectorStoreCollectionDefinition? definition = null
    ) =>
        typeof(TRecord) == typeof(Dictionary<string, object?>)
            ? throw new ArgumentException(VectorDataStrings.GetCollectionWithDictionaryNotSupported)
            : new(name, Find(name), this, definition);

    /// <inheritdoc/>
    public override SextantDynamicCollection GetDynamicCollection(string name, VectorStoreCollectionDefinition definition) =>
        new(name, Find(name), this, definition ?? throw new ArgumentNullException(nameof(definition)));

    /// <inheritdoc/>
    public override async IAsyncEnumerable<string> ListCollectionNamesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        IEnumerable<string> names =
            Provider is { } provider ? await provider.ListAsync(location, cancellationToken).ConfigureAwait(false)
            : !Directory.Exists(location) ? []
            : Directory.EnumerateDirectories(location).Where(SemanticSearchEngine.Exists).Select(path => Path.GetFileName(path)!);
        foreach (string name in names)
            yield return name;
    }

    /// <inheritdoc/>
    public override async Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default)
    {
        CollectionLocation found = Find(name)();
        await using (found.ConfigureAwait(false))
            return await found.ReadManifestAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <inheritdoc/>
    public override async Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default)
    {
        CollectionLocation found = Find(name)();
        await using (found.ConfigureAwait(false))
            await found.DeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this
            : serviceKey is null && serviceType == typeof(VectorStoreMetadata)
                ? new VectorStoreMetadata { VectorStoreSystemName = SystemName }
            : null;
    }

    private Func<CollectionLocation> Find(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Provider is { } provider)
            return () => provider.GetLocation($"{location}#{name}");
        if (name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || name is "." or "..")
            throw new InputException($"'{name}' cannot be the name of a collection in a folder");
        return () => CollectionLocation.Resolve(Path.Combine(location, name), [], Options.ReadOnly);
    }
}
