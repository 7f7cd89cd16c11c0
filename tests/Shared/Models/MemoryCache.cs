using System.Collections.Concurrent;
using Sextant.Embedding;

namespace Sextant.Tests.Shared.Models;

/// <summary>A cache that lives as long as the test.</summary>
internal sealed class MemoryCache : IEmbeddingCache
{
    private readonly ConcurrentDictionary<CacheKey, float[]> _entries = new();

    public float[]?[] Read(ReadOnlySpan<CacheKey> keys)
    {
        float[]?[] found = new float[keys.Length][];
        for (int i = 0; i < keys.Length; i++)
            found[i] = _entries.GetValueOrDefault(keys[i]);
        return found;
    }

    public void Write(string fingerprint, IReadOnlyList<KeyValuePair<CacheKey, ReadOnlyMemory<float>>> entries)
    {
        foreach ((CacheKey key, ReadOnlyMemory<float> vector) in entries)
            _entries[key] = vector.ToArray();
    }

    public void Dispose() { }
}
