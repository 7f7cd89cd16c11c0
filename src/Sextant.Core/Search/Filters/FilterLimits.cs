using System.Globalization;

namespace Sextant.Search.Filters;

/// <summary>The limits of a filter: the parser checks its own, but callers can also build a tree in code.</summary>
/// <remarks>The bounds keep a filter from exhausting the stack here or the expression depth of a database behind.</remarks>
internal static class FilterLimits
{
    public const int MaxDepth = 64;
    public const int MaxConditions = 256;
    public const int MaxValues = 10_000;

    /// <exception cref="InputException">The filter is too large, or holds a value that no document has.</exception>
    public static void Check(FilterExpression filter)
    {
        int conditions = 0,
            values = 0;
        Stack<(FilterExpression Filter, int Negations)> left = new([(filter, 0)]);
        while (left.TryPop(out (FilterExpression Filter, int Negations) next))
        {
            switch (next.Filter)
            {
                case AndFilter and:
                    left.Push((and.Right, next.Negations));
                    left.Push((and.Left, next.Negations));
                    Count(ref conditions, 0, left.Count, MaxConditions, "conditions");
                    continue;
                case OrFilter or:
                    left.Push((or.Right, next.Negations));
                    left.Push((or.Left, next.Negations));
                    Count(ref conditions, 0, left.Count, MaxConditions, "conditions");
                    continue;
                case NotFilter not:
                    if (next.Negations == MaxDepth)
                    {
                        throw new InputException(
                            string.Create(CultureInfo.InvariantCulture, $"the filter is nested more than {MaxDepth} deep")
                        );
                    }

                    left.Push((not.Inner, next.Negations + 1));
                    continue;
                case InFilter { Values.Count: 0 } or AnyInFilter { Values.Count: 0 }:
                    throw new InputException("a list in a filter needs at least one value");
                case InFilter list:
                    Check(list.Values, ref values);
                    break;
                case AnyInFilter any:
                    Check(any.Values, ref values);
                    break;
                case ArrayFilter array:
                    Check(array.Values, ref values);
                    break;
                case ComparisonFilter { Value.IsBoolean: true, Comparison: not FilterComparison.Equal }:
                    throw new InputException("true and false have no order; compare them with = or !=");
                case ComparisonFilter comparison:
                    Check(comparison.Value);
                    break;
                case ContainsFilter contains:
                    Check(contains.Value);
                    break;
                case LikeFilter like:
                    Check(like.Pattern);
                    break;
            }

            Count(ref conditions, 1, 0, MaxConditions, "conditions");
        }

        foreach (FieldPath field in FilterFields.List(filter))
            Check(field);
    }

    /// <exception cref="InputException">It is not the name of a field.</exception>
    public static void Check(FieldPath field)
    {
        if (field.Names.Count is 0 or > MaxDepth)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"a field of a filter has 1 to {MaxDepth} names, not {field.Names.Count}")
            );
        }

        foreach (string name in field.Names)
        {
            if (name.Length == 0)
                throw new InputException("a field name in a filter cannot be empty");
            Check(name);
        }
    }

    private static void Count(ref int sum, int more, int waiting, int most, string what)
    {
        sum += more;
        if (sum + waiting > most)
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"the filter has more than {most} {what}"));
    }

    private static void Check(IReadOnlyList<FilterValue> list, ref int values)
    {
        Count(ref values, list.Count, 0, MaxValues, "values");
        foreach (FilterValue value in list)
            Check(value);
    }

    private static void Check(FilterValue value)
    {
        if (value.Value is string text)
            Check(text);
        else if (value.Value is null || (value.Value is double real && !double.IsFinite(real)))
            throw new InputException("a number in a filter must be finite");
    }

    private static void Check(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new InputException("a filter cannot contain the NUL character");
        if (Surrogates.FindLone(text) >= 0)
            throw new InputException($"a filter cannot contain {Surrogates.Description}");
    }
}
