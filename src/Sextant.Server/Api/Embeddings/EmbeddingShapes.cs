namespace Sextant.Server.Api.Embeddings;

/// <summary>The body of <c>POST /v1/embeddings</c>, as OpenAI defines it; <c>input_type</c> is ours.</summary>
internal sealed record EmbeddingsRequest
{
    public required EmbeddingInput Input { get; init; }

    public required string Model { get; init; }

    public int? Dimensions { get; init; }

    /// <summary><c>float</c> or <c>base64</c>.</summary>
    public string? EncodingFormat { get; init; }

    /// <summary>Taken and not used.</summary>
    public string? User { get; init; }

    /// <summary><c>document</c> or <c>query</c>, for models that treat them differently; a document when left out.</summary>
    public string? InputType { get; init; }
}

/// <summary>The answer of <c>POST /v1/embeddings</c>.</summary>
internal sealed record EmbeddingsResponse(string Object, IReadOnlyList<EmbeddingItem> Data, string Model, EmbeddingsUsage Usage);

/// <summary>One vector of the answer.</summary>
internal sealed record EmbeddingItem(string Object, int Index, EmbeddingVector Embedding);

/// <summary>How many tokens were read.</summary>
internal sealed record EmbeddingsUsage(long PromptTokens, long TotalTokens);

/// <summary>The answer of <c>GET /v1/models</c>.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelInfo> Data);

/// <summary>A model that may be named.</summary>
internal sealed record ModelInfo(string Id, string Object, long Created, string OwnedBy);
