using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Tokenizers;

namespace Sextant.Hosted;

/// <summary>Everything that is settled about a hosted reranker once it is open.</summary>
internal sealed record HostedRerankerModel
{
    public required HostedModelName Name { get; init; }

    public required Uri Address { get; init; }

    public required RerankerProfile Profile { get; init; }

    public required RerankerFacts Facts { get; init; }

    public required ITokenCounter Counter { get; init; }

    /// <summary>How many requests are under way at once.</summary>
    public required int Concurrency { get; init; }

    public required HostedModelOptions Options { get; init; }

    public required ILogger Logger { get; init; }
}
