using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Search;

/// <summary>The body of <c>POST /v1/rerank</c>, as Cohere, Jina and vLLM define it.</summary>
internal sealed record RerankRequest
{
    /// <summary>The reranker; <c>GET /v1/rerankers</c> lists them.</summary>
    public required string Model { get; init; }

    /// <summary>The question that the documents are ordered by.</summary>
    public required string Query { get; init; }

    /// <summary>The texts to order: strings, or objects with a <c>text</c>.</summary>
    public required IReadOnlyList<RerankDocument> Documents { get; init; }

    /// <summary>The most results; all documents when left out.</summary>
    public int? TopN { get; init; }

    /// <summary>Whether each result has its document.</summary>
    public bool ReturnDocuments { get; init; }
}

/// <summary>The answer of <c>POST /v1/rerank</c>, best first.</summary>
internal sealed record RerankResponse(string Id, string Model, IReadOnlyList<RerankResult> Results);

/// <summary>A document of the request: its position there, from 0, and its score; higher is better.</summary>
/// <param name="Index">The position in the request.</param>
/// <param name="RelevanceScore">From 0 to 1 from a cross-encoder or a service, from -1 to 1 from an embedding model.</param>
internal sealed record RerankResult(int Index, float RelevanceScore)
{
    /// <summary>The document, where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RerankDocument? Document { get; init; }
}
