using System.Text.Json.Nodes;
using Sextant.Search.Facets;

namespace Sextant.Server.Api.Search;

/// <summary>The body of <c>POST …/facets</c>.</summary>
internal sealed record FacetsRequest
{
    /// <summary>The fields whose values are counted.</summary>
    public required IReadOnlyList<string> Facets { get; init; }

    /// <summary>The most values of each field; 10 when left out.</summary>
    public int? FacetLimit { get; init; }

    /// <summary>A condition on the metadata; all documents when left out.</summary>
    public string? Filter { get; init; }
}

/// <summary>The answer of <c>POST …/facets</c>, in the order of the request.</summary>
internal sealed record FacetsResponse(IReadOnlyList<FacetBody> Facets, double TookMs);

/// <summary>The values of a field, the most frequent first.</summary>
/// <param name="Field">The field, as the request names it.</param>
/// <param name="Values">The values.</param>
/// <param name="Distinct">How many different values there are, also beyond the limit.</param>
internal sealed record FacetBody(string Field, IReadOnlyList<FacetValueBody> Values, long Distinct)
{
    public static FacetBody Create(string field, Facet facet) =>
        new(field, [.. facet.Values.Select(static one => new FacetValueBody(one.Value.ToJson(), one.Count))], facet.Distinct);
}

/// <summary>A value: a text, a number, or true or false.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">How many documents have it.</param>
internal sealed record FacetValueBody(JsonNode Value, long Count);
