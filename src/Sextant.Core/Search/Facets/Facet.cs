using Sextant.Search.Filters;

namespace Sextant.Search.Facets;

/// <summary>The values of a field and how many documents have each of them.</summary>
/// <param name="Field">The field of the metadata.</param>
/// <param name="Values">The most frequent values first; equally frequent ones by type (text, number, truth value) and value.</param>
/// <param name="Distinct">How many different values there are, also beyond the limit.</param>
public sealed record Facet(FieldPath Field, IReadOnlyList<FacetValue> Values, long Distinct);

/// <summary>A value of a field, as a filter compares it: <c>1</c> and <c>1.0</c> are one value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">How many documents have it, alone or as an element of an array.</param>
public sealed record FacetValue(FilterValue Value, long Count);
