using System.Globalization;
using System.Text;

namespace Sextant.Search.Filters;

/// <summary>Writes a filter in the filter language.</summary>
internal static class FilterText
{
    public static string Write(FilterExpression filter)
    {
        StringBuilder text = new();
        Append(text, filter);
        return text.ToString();
    }

    private static void Append(StringBuilder text, FilterExpression filter)
    {
        switch (filter)
        {
            case AndFilter:
                Chain(text, filter, " and ", static f => f is AndFilter and ? (and.Left, and.Right) : null);
                break;
            case OrFilter:
                Chain(text, filter, " or ", static f => f is OrFilter or ? (or.Left, or.Right) : null);
                break;
            case NotFilter not:
                text.Append("not ");
                Within(text, not.Inner);
                break;
            case ExistsFilter exists:
                text.Append("exists ").Append(FilterFields.Quote(exists.Field));
                break;
            case IsNullFilter isNull:
                text.Append(FilterFields.Quote(isNull.Field)).Append(" is null");
                break;
            case LikeFilter like:
                text.Append(FilterFields.Quote(like.Field)).Append(" like ").Append(Value(FilterValue.Text(like.Pattern)));
                break;
            case ContainsFilter contains:
                text.Append(FilterFields.Quote(contains.Field)).Append(" contains ").Append(Value(contains.Value));
                break;
            case InFilter list:
                List(text, list.Field, " in ", list.Values);
                break;
            case AnyInFilter any:
                List(text, any.Field, " any in ", any.Values);
                break;
            case ArrayFilter array:
                List(text, array.Field, " = ", array.Values);
                break;
            case ComparisonFilter comparison:
                text.Append(FilterFields.Quote(comparison.Field)).Append(Sign(comparison.Comparison)).Append(Value(comparison.Value));
                break;
            default:
                throw new ArgumentException($"unknown type of filter: {filter.GetType().Name}", nameof(filter));
        }
    }

    private static void List(StringBuilder text, FieldPath field, string word, IReadOnlyList<FilterValue> values) =>
        text.Append(FilterFields.Quote(field)).Append(word).Append('(').AppendJoin(", ", values.Select(Value)).Append(')');

    // "a and b and c" leans to the left, and needs no parentheses.
    private static void Chain(
        StringBuilder text,
        FilterExpression filter,
        string word,
        Func<FilterExpression, (FilterExpression Left, FilterExpression Right)?> split
    )
    {
        Stack<FilterExpression> operands = new();
        while (split(filter) is { } pair)
        {
            operands.Push(pair.Right);
            filter = pair.Left;
        }

        Within(text, filter);
        while (operands.TryPop(out FilterExpression? operand))
        {
            text.Append(word);
            Within(text, operand);
        }
    }

    private static void Within(StringBuilder text, FilterExpression filter)
    {
        bool parentheses = filter is AndFilter or OrFilter;
        if (parentheses)
            text.Append('(');
        Append(text, filter);
        if (parentheses)
            text.Append(')');
    }

    private static string Value(FilterValue value) =>
        value.Value switch
        {
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            bool truth => truth ? "true" : "false",
            // Always with an exponent, because 1 and 1E0 are not the same kind of number.
            double real => real.ToString("E16", CultureInfo.InvariantCulture),
            var whole => Convert.ToString(whole, CultureInfo.InvariantCulture)!,
        };

    private static string Sign(FilterComparison comparison) =>
        comparison switch
        {
            FilterComparison.Equal => " = ",
            FilterComparison.Less => " < ",
            FilterComparison.LessOrEqual => " <= ",
            FilterComparison.Greater => " > ",
            _ => " >= ",
        };
}
