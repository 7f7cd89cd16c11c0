using Microsoft.Extensions.VectorData;
using Sextant.Search.Storage;

namespace Sextant.VectorData;

/// <summary>A collection whose records are dictionaries, from <see cref="SextantVectorStore.GetDynamicCollection"/>.</summary>
public sealed class SextantDynamicCollection : SextantCollection<object, Dictionary<string, object?>>
{
    internal SextantDynamicCollection(
        string name,
        Func<CollectionLocation> find,
        SextantVectorStore store,
        VectorStoreCollectionDefinition definition
    )
        : base(name, find, store, definition) { }
}
