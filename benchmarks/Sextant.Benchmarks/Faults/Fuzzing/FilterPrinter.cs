using System.Globalization;
using Sextant.Search.Filters;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>Writes a filter in the filter language, so that parsing it again gives the same filter.</summary>
internal static class FilterPrinter
{
    private enum Level
    {
        Or,
        And,
        One,
    }

    public static string Print(FilterExpression filter) => Print(filter, Level.Or);

    private static string Print(FilterExpression filter, Level level) =>
        filter switch
        {
            OrFilter or => Group($"{Print(or.Left, Level.Or)} or {Print(or.Right, Level.And)}", level > Level.Or),
            AndFilter and => Group($"{Print(and.Left, Level.And)} and {Print(and.Right, Level.One)}", level > Level.And),
            NotFilter not => $"not {Print(not.Inner, Level.One)}",
            ComparisonFilter comparison => $"{Field(comparison.Field)} {Sign(comparison.Comparison)} {Value(comparison.Value)}",
            InFilter list => $"{Field(list.Field)} in ({string.Join(", ", list.Values.Select(Value))})",
            ExistsFilter exists => $"exists {Field(exists.Field)}",
            IsNullFilter isNull => $"{Field(isNull.Field)} is null",
            LikeFilter like => $"{Field(like.Field)} like {Value(FilterValue.Text(like.Pattern))}",
            ContainsFilter contains => $"{Field(contains.Field)} contains {Value(contains.Value)}",
            _ => throw new ArgumentException($"unknown type of filter: {filter.GetType().Name}", nameof(filter)),
        };

    private static string Group(string filter, bool needed) => needed ? $"({filter})" : filter;

    private static string Field(FieldPath field) =>
        string.Join('.', field.Names.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));

    private static string Value(FilterValue value) =>
        value.Value switch
        {
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            // With an exponent it is never read as a whole number.
            double number => number.ToString("E16", CultureInfo.InvariantCulture),
            bool truth => truth ? "true" : "false",
            _ => ((long)value.Value).ToString(CultureInfo.InvariantCulture),
        };

    private static string Sign(FilterComparison comparison) =>
        comparison switch
        {
            FilterComparison.Equal => "=",
            FilterComparison.Less => "<",
            FilterComparison.LessOrEqual => "<=",
            FilterComparison.Greater => ">",
            _ => ">=",
        };
}
