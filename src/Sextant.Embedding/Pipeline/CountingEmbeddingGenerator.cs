using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using Sextant.Tokenizers;

namespace Sextant.Embedding.Pipeline;

/// <summary>
/// Replaces a model, whose profile it returns, and counts the texts instead of sending them. Repeated texts are not counted, because they
/// would be in the cache.
/// </summary>
internal sealed class CountingEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> model)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(model)
{
    private readonly ITokenCounter? _counter = model.GetService<ITokenCounter>();
    private readonly Embedding<float> _zero = new(new float[model.GetService<ModelProfile>()?.Dimensions ?? 1]);
    private readonly Lock _lock = new();
    private readonly HashSet<UInt128> _seen = [];
    private long _tokens;
    private long _requests;

    public (long Tokens, long Requests) Counted
    {
        get
        {
            lock (_lock)
            {
                return (_tokens, _requests);
            }
        }
    }

    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<string> texts = [.. values];
        long tokens = 0;
        foreach (string text in texts)
        {
            bool isNew;
            lock (_lock)
            {
                isNew = _seen.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan())));
            }

            tokens += isNew ? _counter?.Count(text) ?? BatchingEmbeddingGenerator.Estimate(text) : 0;
        }

        lock (_lock)
        {
            _tokens += tokens;
            _requests += tokens > 0 ? 1 : 0;
        }

        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(_ => _zero)));
    }
}
