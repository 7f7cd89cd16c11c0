using System.Text.Json.Nodes;
using Sextant.Search;
using Sextant.Search.Filters;

namespace Sextant;

/// <summary>A document that a search found.</summary>
/// <param name="Rank">Its place, from 1; paging does not restart it.</param>
/// <param name="Id">Its name within the collection.</param>
/// <param name="Score">
/// How good it is, as <see cref="ScoreKind"/> says; higher is better. Without a reranker it is the cosine similarity of its vector and the
/// query's, in [-1, 1], also where results are ranked by meaning and words together.
/// </param>
/// <param name="Text">Its text.</param>
/// <param name="Metadata">Its metadata; empty when it has none.</param>
public sealed record SearchResult(int Rank, string Id, float Score, string Text, JsonObject Metadata)
{
    private readonly string? _stored;
    private JsonObject? _metadata = Metadata;

    /// <summary>A result with stored metadata, which are parsed when they are read.</summary>
    internal SearchResult(int rank, string id, float score, string text, string metadata)
        : this(rank, id, score, text, (JsonObject)null!) => _stored = metadata;

    /// <summary>Its metadata; empty when it has none.</summary>
    public JsonObject Metadata
    {
        get => Volatile.Read(ref _metadata) ?? Parse(_stored!);
        init => _metadata = value;
    }

    /// <summary>Its metadata as JSON text. Programs that pass them on need not parse them.</summary>
    public string MetadataText => _stored is not null && Volatile.Read(ref _metadata) is null ? _stored : MetadataJson.ToText(Metadata);

    /// <summary>The meaning of <see cref="Score"/>.</summary>
    public ScoreKind ScoreKind { get; init; }

    /// <summary>The file that it is from; empty for none.</summary>
    public string Source { get; init; } = "";

    /// <summary>
    /// The value of <see cref="SearchOptions.GroupBy"/> that its group has; <see langword="null"/> without groups, and in the group of
    /// documents without a value.
    /// </summary>
    public FilterValue? Group { get; init; }

    /// <summary>
    /// What each stage of the search made of it; <see langword="null"/> unless <see cref="SearchOptions.Explain"/> asks for it.
    /// </summary>
    public SearchStages? Stages { get; init; }

    // One object for all that read it at the same time, since it may be changed.
    private JsonObject Parse(string stored)
    {
        JsonObject parsed = MetadataJson.Parse(stored);
        return Interlocked.CompareExchange(ref _metadata, parsed, null) ?? parsed;
    }
}
