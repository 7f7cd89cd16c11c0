using System.Diagnostics.CodeAnalysis;

namespace Sextant.Search.Filters;

/// <summary>
/// A condition on a document's metadata, as a tree: write it in the filter language, or build it from values that come from elsewhere. A
/// store translates the tree into its own query.
/// </summary>
/// <remarks>
/// A filter is either true or false of a document, never unknown. A comparison with a field that is missing, null or of
/// another type is false, and <see cref="NotFilter"/> is the exact opposite of what it holds: <c>not lang = 'en'</c>
/// is true of a document without <c>lang</c>, and <c>lang != 'en'</c> is the same condition.
/// </remarks>
public abstract record FilterExpression
{
    private protected FilterExpression() { }

    /// <summary>Reads a filter such as <c>lang = 'en' and year >= 2020</c>.</summary>
    /// <exception cref="InputException">The filter is malformed; the message shows the place.</exception>
    public static FilterExpression Parse(string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (Surrogates.FindLone(filter) is var half && half >= 0)
            throw FilterError.Create(filter, half, $"a filter cannot contain {Surrogates.Description}");
        return new FilterParser(filter).Parse();
    }

    /// <summary>Reads a filter, as <see cref="Parse"/> does.</summary>
    /// <param name="filter">The filter; <see langword="null"/> for none.</param>
    [return: NotNullIfNotNull(nameof(filter))]
    public static implicit operator FilterExpression?(string? filter) => filter is null ? null : Parse(filter);

    /// <summary>The filter in the filter language.</summary>
    public sealed override string ToString() => FilterText.Write(this);
}

/// <summary>True when both sides are.</summary>
public sealed record AndFilter(FilterExpression Left, FilterExpression Right) : FilterExpression;

/// <summary>True when either side is.</summary>
public sealed record OrFilter(FilterExpression Left, FilterExpression Right) : FilterExpression;

/// <summary>True when <paramref name="Inner"/> is false.</summary>
public sealed record NotFilter(FilterExpression Inner) : FilterExpression;

/// <summary>
/// The field has a value of the same type as <paramref name="Value"/> that stands in this relation to it.
/// Numbers compare by value, texts by code point, truth values only for equality.
/// </summary>
public sealed record ComparisonFilter(FieldPath Field, FilterComparison Comparison, FilterValue Value) : FilterExpression;

/// <summary>The field equals one of <paramref name="Values"/>.</summary>
public sealed record InFilter(FieldPath Field, IReadOnlyList<FilterValue> Values) : FilterExpression;

/// <summary>The field is an array with an element that equals one of <paramref name="Values"/>.</summary>
public sealed record AnyInFilter(FieldPath Field, IReadOnlyList<FilterValue> Values) : FilterExpression;

/// <summary>The field is an array of exactly <paramref name="Values"/>, in this order.</summary>
public sealed record ArrayFilter(FieldPath Field, IReadOnlyList<FilterValue> Values) : FilterExpression;

/// <summary>The field exists, with any value including null.</summary>
public sealed record ExistsFilter(FieldPath Field) : FilterExpression;

/// <summary>The field is missing, or null.</summary>
public sealed record IsNullFilter(FieldPath Field) : FilterExpression;

/// <summary>
/// The field is a text that the whole <paramref name="Pattern"/> matches: <c>%</c> stands for any run of characters,
/// <c>_</c> for one, a backslash before either for the character itself. Upper and lower case differ.
/// </summary>
public sealed record LikeFilter(FieldPath Field, string Pattern) : FilterExpression;

/// <summary>The field is a text with <paramref name="Value"/> in it, or an array with an element equal to it.</summary>
public sealed record ContainsFilter(FieldPath Field, FilterValue Value) : FilterExpression;
