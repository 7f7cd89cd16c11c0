using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.VectorData;

/// <summary>
/// Collections offered as <c>Microsoft.Extensions.VectorData</c> collections: those of a folder, or of a database that one of the
/// <see cref="SemanticSearchEngineOptions.CollectionProviders"/> knows.
/// </summary>
/// <remarks>
/// Vectors are kept with length 1, and that is how they come back; the distance functions are cosine similarity and cosine distance.
/// </remarks>
/// <param name="location">A folder, or a location without its <c>#collection</c>.</param>
/// <param name="options">
/// The model that texts are embedded with, and more. Where it names no model, a collection's own model is used, and the built-in one for a
/// new collection whose vector property is a text.
/// </param>
public sealed class SextantVectorStore(string location, SemanticSearchEngineOptions? options = null) : VectorStore
{
    private readonly SemanticSearchEngineOptions _options = options ?? new();

    /// <summary>
    /// The options for collections whose vector property is a text, if they differ from those of the store. With them, an existing
    /// collection is opened with the model it was created with; their model applies only to new ones.
    /// </summary>
    /// <value><see langword="null"/>: the options of the store apply to all collections.</value>
    public SemanticSearchEngineOptions? TextOptions { get; init; }

    private CollectionProvider? Provider => _options.CollectionProviders.FirstOrDefault(provider => provider.Handles(location));

    /// <inheritdoc/>
    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(
        string name,
        VectorStoreCollectionDefinition? definition = null
    ) =>
        new SextantVectorStoreCollection<TKey, TRecord>(name, Find(name), _options, RecordModel<TRecord>.Create(definition))
        {
            TextOptions = TextOptions,
        };

    /// <inheritdoc/>
    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(
        string name,
        VectorStoreCollectionDefinition definition
    ) =>
        new SextantVectorStoreCollection<object, Dictionary<string, object?>>(
            name,
            Find(name),
            _options,
            RecordModel<Dictionary<string, object?>>.Create(definition ?? throw new ArgumentNullException(nameof(definition)))
        )
        {
            TextOptions = TextOptions,
        };

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
                ? new VectorStoreMetadata { VectorStoreSystemName = "sextant" }
            : null;
    }

    private Func<CollectionLocation> Find(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Provider is { } provider)
            return () => provider.GetLocation($"{location}#{name}");
        if (name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || name is "." or "..")
            throw new InputException($"'{name}' cannot be the name of a collection in a folder");
        return () => CollectionLocation.Resolve(Path.Combine(location, name), [], _options.ReadOnly);
    }
}
