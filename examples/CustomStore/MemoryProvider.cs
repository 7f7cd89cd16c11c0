using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sextant;
using Sextant.Search;
using Sextant.Search.Storage;

namespace CustomStore;

/// <summary>Opens collections in memory, as <c>memory:#NAME</c>. They live as long as this provider.</summary>
public sealed class MemoryProvider : CollectionProvider
{
    private const string Scheme = "memory:";

    private readonly ConcurrentDictionary<string, MemoryTable> _tables = new(StringComparer.Ordinal);

    public override bool Handles(string location) => location.StartsWith(Scheme, StringComparison.Ordinal);

    public override CollectionLocation GetLocation(string location) =>
        location.Split('#') is [Scheme, { Length: > 0 } name]
            ? new MemoryLocation(_tables, name)
            : throw new InputException($"'{location}' names no collection; write {Scheme}#NAME");

    public override Task<IReadOnlyList<string>> ListAsync(string location, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _tables.Keys.Order(StringComparer.Ordinal)]);
}

/// <summary>A name, where a collection is or can be created.</summary>
internal sealed class MemoryLocation(ConcurrentDictionary<string, MemoryTable> tables, string name) : CollectionLocation
{
    public override string Name => $"memory:#{name}";

    public override Task<Manifest?> ReadManifestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(tables.TryGetValue(name, out MemoryTable? table) ? table.Manifest : null);

    public override Task CreateAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        tables.TryAdd(name, new(manifest));
        return Task.CompletedTask;
    }

    public override Task<CollectionStore> OpenAsync(Manifest manifest, ILogger logger, CancellationToken cancellationToken) =>
        Task.FromResult<CollectionStore>(new MemoryStore(Name, tables[name]));

    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        tables.TryRemove(name, out _);
        return Task.CompletedTask;
    }
}
