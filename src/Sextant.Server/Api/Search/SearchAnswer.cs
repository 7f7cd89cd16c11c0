using System.Text.Json;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Search;

/// <summary>What a search found, before it is an object of the interface or the bytes of a response.</summary>
/// <param name="Results">The documents, best first.</param>
/// <param name="TookMs">The time in milliseconds.</param>
internal sealed record SearchAnswer(IReadOnlyList<Sextant.SearchResult> Results, double TookMs)
{
    private static readonly JsonWriterOptions Json = new()
    {
        Encoder = ServerJson.Options.Encoder,
        MaxDepth = ServerJson.MaxDepth,
        SkipValidation = true,
    };

    public string? ScoreKind { get; init; }

    public string? Rerank { get; init; }

    public IReadOnlyList<FacetBody>? Facets { get; init; }

    public IReadOnlyList<string>? Notes { get; init; }

    public SearchResponse ToResponse() =>
        new([.. Results.Select(Describe)], TookMs)
        {
            ScoreKind = ScoreKind,
            Rerank = Rerank,
            Facets = Facets,
            Notes = Notes,
        };

    /// <summary>Writes the same as <see cref="ToResponse"/>, with the stored metadata.</summary>
    public void Write(PooledBytes to)
    {
        using Utf8JsonWriter writer = new(to, Json);
        Write(writer);
    }

    /// <summary>Writes a <see cref="SearchBatchResponse"/>.</summary>
    public static void Write(PooledBytes to, IReadOnlyList<SearchAnswer> answers, double tookMs)
    {
        using Utf8JsonWriter writer = new(to, Json);
        writer.WriteStartObject();
        writer.WriteStartArray("responses"u8);
        foreach (SearchAnswer answer in answers)
            answer.Write(writer);
        writer.WriteEndArray();
        writer.WriteNumber("took_ms"u8, tookMs);
        writer.WriteEndObject();
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("results"u8);
        for (int i = 0; i < Results.Count; i++)
            Write(writer, Results[i]);
        writer.WriteEndArray();
        writer.WriteNumber("took_ms"u8, TookMs);
        if (ScoreKind is not null)
            writer.WriteString("score_kind"u8, ScoreKind);
        if (Rerank is not null)
            writer.WriteString("rerank"u8, Rerank);
        WriteOther(writer, "facets"u8, Facets);
        WriteOther(writer, "notes"u8, Notes);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Sextant.SearchResult hit)
    {
        writer.WriteStartObject();
        writer.WriteNumber("rank"u8, hit.Rank);
        writer.WriteString("id"u8, hit.Id);
        writer.WriteNumber("score"u8, hit.Score);
        writer.WriteString("text"u8, hit.Text);
        writer.WritePropertyName("metadata"u8);
        writer.WriteRawValue(hit.MetadataText, skipInputValidation: true);
        WriteOther(writer, "group"u8, hit.Group?.ToJson());
        WriteOther(writer, "stages"u8, SearchStages.Create(hit.Stages));
        writer.WriteEndObject();
    }

    private static void WriteOther<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
        where T : class
    {
        if (value is null)
            return;
        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, value, ServerJson.Options);
    }

    private static SearchResult Describe(Sextant.SearchResult hit) =>
        new(hit.Rank, hit.Id, hit.Score, hit.Text, hit.Metadata) { Group = hit.Group?.ToJson(), Stages = SearchStages.Create(hit.Stages) };
}
