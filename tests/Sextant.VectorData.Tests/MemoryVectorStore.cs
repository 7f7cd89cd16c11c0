using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Sextant.Numerics;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace Sextant.VectorData.Tests;

/// <summary>A vector store of lists in memory, as plain as the abstraction allows, which knows only what a connector must.</summary>
/// <param name="keyType">The one type of keys that it takes.</param>
/// <param name="hybrid">Whether it searches by vector and words in one.</param>
internal sealed class MemoryVectorStore(Type keyType, bool hybrid = false) : VectorStore
{
    private readonly Dictionary<string, Dictionary<object, Record>> _collections = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(
        string name,
        VectorStoreCollectionDefinition? definition = null
    ) => throw new NotSupportedException("dynamic collections only");

    public override VectorStoreCollection<object, Record> GetDynamicCollection(string name, VectorStoreCollectionDefinition definition)
    {
        if (definition.Properties.OfType<VectorStoreKeyProperty>().Single().Type != keyType)
            throw new NotSupportedException($"keys are of type {keyType.Name}");
        VectorStoreVectorProperty vector = definition.Properties.OfType<VectorStoreVectorProperty>().Single();
        return hybrid ? new HybridCollection(this, name, vector) : new Collection(this, name, vector);
    }

    public override async IAsyncEnumerable<string> ListCollectionNamesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await Task.CompletedTask;
        foreach (string name in _collections.Keys)
            yield return name;
    }

    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(_collections.ContainsKey(name));

    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default)
    {
        _collections.Remove(name);
        return Task.CompletedTask;
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <summary>A distinctive order: by the number of words in the text, then farthest first.</summary>
    private sealed class HybridCollection(MemoryVectorStore store, string name, VectorStoreVectorProperty vector)
        : Collection(store, name, vector),
            IKeywordHybridSearchable<Record>
    {
        public async IAsyncEnumerable<VectorSearchResult<Record>> HybridSearchAsync<TInput>(
            TInput searchValue,
            ICollection<string> keywords,
            int top,
            HybridSearchOptions<Record>? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
            where TInput : notnull
        {
            List<VectorSearchResult<Record>> all = [];
            await foreach (
                VectorSearchResult<Record> result in SearchAsync(
                    searchValue,
                    int.MaxValue,
                    new() { IncludeVectors = true },
                    cancellationToken
                )
            )
            {
                all.Insert(0, result);
            }

            foreach (
                VectorSearchResult<Record> result in all.OrderByDescending(r =>
                        keywords.Count(((string)r.Record["text"]!).Split(' ').Contains)
                    )
                    .Take(top)
            )
            {
                yield return result;
            }
        }
    }

    private class Collection(MemoryVectorStore store, string name, VectorStoreVectorProperty vector) : VectorStoreCollection<object, Record>
    {
        public override string Name => name;

        public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) =>
            store.CollectionExistsAsync(name, cancellationToken);

        public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default)
        {
            lock (store._lock)
                store._collections.TryAdd(name, []);
            return Task.CompletedTask;
        }

        public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
            store.EnsureCollectionDeletedAsync(name, cancellationToken);

        public override Task<Record?> GetAsync(
            object key,
            RecordRetrievalOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            lock (store._lock)
            {
                return Task.FromResult(
                    store._collections[name].TryGetValue(key, out Record? found) ? Copy(found, options?.IncludeVectors == true) : null
                );
            }
        }

        public override async IAsyncEnumerable<Record> GetAsync(
            Expression<Func<Record, bool>> filter,
            int top,
            FilteredRecordRetrievalOptions<Record>? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            await Task.CompletedTask;
            IEnumerable<Record> found = All().Where(filter.Compile());
            foreach (
                FilteredRecordRetrievalOptions<Record>.OrderByDefinition.SortInfo order in options?.OrderBy?.Invoke(new()).Values ?? []
            )
            {
                found = order.Ascending
                    ? found.OrderBy(order.PropertySelector.Compile())
                    : found.OrderByDescending(order.PropertySelector.Compile());
            }

            foreach (Record record in found.Skip(options?.Skip ?? 0).Take(top))
                yield return Copy(record, options?.IncludeVectors == true);
        }

        public override Task DeleteAsync(object key, CancellationToken cancellationToken = default)
        {
            lock (store._lock)
                store._collections[name].Remove(key);
            return Task.CompletedTask;
        }

        public override Task UpsertAsync(Record record, CancellationToken cancellationToken = default) =>
            UpsertAsync([record], cancellationToken);

        public override Task UpsertAsync(IEnumerable<Record> records, CancellationToken cancellationToken = default)
        {
            lock (store._lock)
            {
                foreach (Record record in records)
                {
                    if (((ReadOnlyMemory<float>)record[vector.Name]!).Length != vector.Dimensions)
                        throw new ArgumentException("dimensions");
                    store._collections[name][record["key"]!] = Copy(record, vectors: true);
                }
            }

            return Task.CompletedTask;
        }

        public override async IAsyncEnumerable<VectorSearchResult<Record>> SearchAsync<TInput>(
            TInput searchValue,
            int top,
            VectorSearchOptions<Record>? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            await Task.CompletedTask;
            ReadOnlyMemory<float> query = searchValue is ReadOnlyMemory<float> given
                ? given
                : throw new NotSupportedException(typeof(TInput).Name);
            IEnumerable<(Record Record, float Score)> ranked = All()
                .Select(record => (Record: record, Score: Score(query.Span, ((ReadOnlyMemory<float>)record[vector.Name]!).Span)))
                .OrderByDescending(pair => pair.Score)
                .Skip(options?.Skip ?? 0)
                .Take(top);
            foreach ((Record record, float score) in ranked)
                yield return new(Copy(record, options?.IncludeVectors == true), score);
        }

        public override object? GetService(Type serviceType, object? serviceKey = null) => null;

        private float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> record) =>
            vector.DistanceFunction switch
            {
                DistanceFunction.EuclideanDistance => -VectorMath.Euclidean(query, record),
                DistanceFunction.DotProductSimilarity => VectorMath.Dot(query, record),
                _ => VectorMath.Cosine(query, record),
            };

        private List<Record> All()
        {
            lock (store._lock)
                return [.. store._collections[name].Values];
        }

        private Record Copy(Record record, bool vectors) => new(record.Where(field => vectors || field.Key != vector.Name));
    }
}
