using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Models.Catalog;
using Sextant.Tokenizers;

namespace Sextant.Hosted;

/// <summary>Everything that is settled about a hosted model once it is open.</summary>
internal sealed record HostedModel
{
    public required HostedModelName Name { get; init; }

    public required Uri Address { get; init; }

    public required ModelProfile Profile { get; init; }

    public required EmbeddingLimits Limits { get; init; }

    public required ITokenCounter Counter { get; init; }

    public required HostedModelOptions Options { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The length that each request asks for, where it is not the model's own.</summary>
    public int? RequestDimensions { get; init; }

    public decimal? UsdPerMillionTokens { get; init; }

    /// <summary>The catalog entry of the model.</summary>
    public CatalogEntry? Entry { get; init; }
}
