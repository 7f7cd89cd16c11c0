namespace Sextant.Search.Filters;

/// <summary>The fields that a filter looks at.</summary>
internal static class FilterFields
{
    public static IEnumerable<FieldPath> List(FilterExpression filter) =>
        filter switch
        {
            AndFilter and => List(and.Left).Concat(List(and.Right)),
            OrFilter or => List(or.Left).Concat(List(or.Right)),
            NotFilter not => List(not.Inner),
            ComparisonFilter comparison => [comparison.Field],
            InFilter list => [list.Field],
            AnyInFilter any => [any.Field],
            ArrayFilter array => [array.Field],
            ExistsFilter exists => [exists.Field],
            IsNullFilter isNull => [isNull.Field],
            LikeFilter like => [like.Field],
            ContainsFilter contains => [contains.Field],
            _ => [],
        };

    /// <summary>The field in the syntax of the filter language, with any characters in its names.</summary>
    public static string Quote(FieldPath field) =>
        string.Join('.', field.Names.Select(static name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
