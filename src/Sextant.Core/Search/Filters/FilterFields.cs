namespace Sextant.Search.Filters;

/// <summary>The fields that a filter looks at.</summary>
internal static class FilterFields
{
    public static IEnumerable<FieldPath> Of(FilterExpression filter) => filter switch
    {
        AndFilter and => Of(and.Left).Concat(Of(and.Right)),
        OrFilter or => Of(or.Left).Concat(Of(or.Right)),
        NotFilter not => Of(not.Inner),
        ComparisonFilter comparison => [comparison.Field],
        InFilter list => [list.Field],
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
