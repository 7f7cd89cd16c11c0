using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Search;

/// <summary>What each stage of a search made of a document; a stage that did not see it is left out.</summary>
internal sealed record SearchStages
{
    /// <summary>By meaning: the cosine similarity.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchStage? Semantic { get; init; }

    /// <summary>By words: BM25.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchStage? Keyword { get; init; }

    /// <summary>By both, in a hybrid search: a weighted sum of what each says, in [0, 1].</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchStage? Fused { get; init; }

    /// <summary>By the reranker.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchStage? Rerank { get; init; }

    public static SearchStages? Create(Sextant.SearchStages? stages) =>
        stages is null
            ? null
            : new()
            {
                Semantic = stages.Semantic,
                Keyword = stages.Keyword,
                Fused = stages.Fused,
                Rerank = stages.Rerank,
            };
}
