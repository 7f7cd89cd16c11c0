using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Sextant.Embedding.Pipeline;

namespace Sextant.Embedding.Caching;

/// <summary>
/// Answers from the cache what it knows and asks the model for the rest, each text once, however often it stands in one request
/// or in several at a time. Who comes second waits for the first; when the first fails, the second asks itself, so that
/// one caller's failure or cancellation is never another's. Storing is <see cref="CacheWritingEmbeddingGenerator"/>'s.
/// </summary>
internal sealed class CachingEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner,
    IEmbeddingCache cache,
    ModelProfile profile,
    bool ownsCache
) : EmbeddingLayer(inner)
{
    private readonly ConcurrentDictionary<CacheKey, Flight> _flights = new();
    private readonly string _fingerprint = profile.Fingerprint;

    protected override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        byte[] prefix = CacheKey.Prefix(_fingerprint, options.GetRole());
        var keys = new CacheKey[texts.Count];
        var wanted = new Dictionary<CacheKey, string>(texts.Count);
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = CacheKey.Compute(prefix, texts[i]);
            wanted.TryAdd(keys[i], texts[i]);
        }

        var found = new Dictionary<CacheKey, Embedding<float>>(wanted.Count);
        UsageDetails usage = NoUsage();
        while (wanted.Count > 0)
        {
            await AnswerAsync(wanted, found, usage, options, cancellationToken).ConfigureAwait(false);
        }

        return new GeneratedEmbeddings<Embedding<float>>(Array.ConvertAll(keys, key => found[key])) { Usage = usage };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsCache)
        {
            cache.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// One round: moves what it can from <paramref name="wanted"/> to <paramref name="found"/>. Texts whose request by another caller
    /// failed remain.
    /// </summary>
    private async Task AnswerAsync(
        Dictionary<CacheKey, string> wanted,
        Dictionary<CacheKey, Embedding<float>> found,
        UsageDetails usage,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        var own = new Flight();
        var mine = new List<CacheKey>(wanted.Count);
        List<(CacheKey Key, Flight Flight)> others = [];
        foreach (CacheKey key in wanted.Keys)
        {
            Flight flight = _flights.GetOrAdd(key, own);
            if (flight == own)
            {
                mine.Add(key);
            }
            else
            {
                others.Add((key, flight));
            }
        }

        // Own work first, then waiting: two callers that need some of each other's texts cannot deadlock.
        try
        {
            if (mine.Count > 0)
            {
                await FetchAsync(mine, wanted, own, usage, options, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            // Off the list before it lands, so that who comes now finds the cache and not a flight that is over.
            mine.ForEach(key => _flights.TryRemove(key, out _));
            own.Land();
        }

        foreach ((CacheKey key, Flight flight) in others)
        {
            await flight.Landed.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (flight.Vectors.TryGetValue(key, out Embedding<float>? vector))
            {
                found[key] = vector;
                wanted.Remove(key);
            }
        }

        foreach (CacheKey key in mine)
        {
            found[key] = own.Vectors[key];
            wanted.Remove(key);
        }
    }

    private async Task FetchAsync(
        List<CacheKey> keys,
        Dictionary<CacheKey, string> texts,
        Flight flight,
        UsageDetails usage,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        float[]?[] known = cache.Read([.. keys]);
        var missing = new List<CacheKey>();
        flight.Vectors.EnsureCapacity(keys.Count);
        for (int i = 0; i < known.Length; i++)
        {
            if (known[i] is { } vector && vector.Length == profile.Dimensions)
            {
                flight.Vectors[keys[i]] = new Embedding<float>(vector) { ModelId = profile.Name };
            }
            else
            {
                missing.Add(keys[i]);
            }
        }

        CacheMeter.Count(profile.Name, keys.Count - missing.Count, missing.Count);
        if (missing.Count > 0)
        {
            GeneratedEmbeddings<Embedding<float>> generated = await AskAsync(
                    missing.ConvertAll(key => texts[key]),
                    options,
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (int i = 0; i < missing.Count; i++)
            {
                flight.Vectors[missing[i]] = generated[i];
            }

            if (generated.Usage is { } used)
            {
                usage.Add(used);
            }
        }
    }

    /// <summary>
    /// The texts that a caller is currently embedding. Others read its vectors only once it has landed; a text without one has failed.
    /// </summary>
    private sealed class Flight
    {
        private readonly TaskCompletionSource _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Dictionary<CacheKey, Embedding<float>> Vectors { get; } = [];

        public Task Landed => _landed.Task;

        public void Land() => _landed.SetResult();
    }
}
