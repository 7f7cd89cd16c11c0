using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Search.Filters;

/// <summary>Evaluates filters in memory, for stores without a query language.</summary>
public static class FilterEvaluator
{
    /// <summary>Whether the metadata of a document match a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="metadata">The metadata of a document.</param>
    public static bool Matches(FilterExpression filter, JsonObject metadata)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(metadata);
        switch (filter)
        {
            case AndFilter and:
                return Matches(and.Left, metadata) && Matches(and.Right, metadata);
            case OrFilter or:
                return Matches(or.Left, metadata) || Matches(or.Right, metadata);
            case NotFilter not:
                return !Matches(not.Inner, metadata);
            case ExistsFilter exists:
                return TryFind(exists.Field, metadata, out _);
            case IsNullFilter isNull:
                return !TryFind(isNull.Field, metadata, out JsonNode? found) || found is null;
            case ComparisonFilter comparison:
                return TryFind(comparison.Field, metadata, out JsonNode? left)
                    && Holds(Compare(left, comparison.Value), comparison.Comparison);
            case InFilter list:
                return TryFind(list.Field, metadata, out JsonNode? one) && list.Values.Any(value => Compare(one, value) == 0);
            case AnyInFilter any:
                return TryFind(any.Field, metadata, out JsonNode? elements)
                    && elements is JsonArray items
                    && items.Any(item => any.Values.Any(value => Compare(item, value) == 0));
            case ArrayFilter exact:
                return TryFind(exact.Field, metadata, out JsonNode? all)
                    && all is JsonArray array
                    && array.Count == exact.Values.Count
                    && array.Zip(exact.Values).All(pair => Compare(pair.First, pair.Second) == 0);
            case LikeFilter like:
                return TryFind(like.Field, metadata, out JsonNode? text)
                    && IsText(text)
                    && Matches([.. text!.GetValue<string>().EnumerateRunes()], Pattern(like.Pattern));
            case ContainsFilter contains:
                return TryFind(contains.Field, metadata, out JsonNode? whole) && Contains(whole, contains.Value);
            default:
                throw new ArgumentException($"unknown type of filter: {filter.GetType().Name}", nameof(filter));
        }
    }

    internal static bool TryFind(FieldPath field, JsonObject metadata, out JsonNode? found)
    {
        found = metadata;
        foreach (string name in field.Names)
        {
            if (found is not JsonObject parent || !parent.TryGetPropertyValue(name, out found))
                return false;
        }

        return true;
    }

    private static bool Holds(int? order, FilterComparison comparison) =>
        order is { } sign
        && comparison switch
        {
            FilterComparison.Equal => sign == 0,
            FilterComparison.Less => sign < 0,
            FilterComparison.LessOrEqual => sign <= 0,
            FilterComparison.Greater => sign > 0,
            _ => sign >= 0,
        };

    // Null: values of two types, which stand in no relation.
    private static int? Compare(JsonNode? node, FilterValue value)
    {
        switch (node?.GetValueKind(), value.Value)
        {
            case (JsonValueKind.String, string text):
                return Encoding.UTF8.GetBytes(node!.GetValue<string>()).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(text));
            case (JsonValueKind.True, bool truth):
                return truth ? 0 : null;
            case (JsonValueKind.False, bool truth):
                return truth ? null : 0;
            case (JsonValueKind.Number, long or double):
                return FilterNumber.Parse(node!.ToJsonString()).CompareTo(FilterNumber.Create(value));
            default:
                return null;
        }
    }

    private static bool Contains(JsonNode? node, FilterValue value) =>
        node is JsonArray array
            ? array.Any(element => Compare(element, value) == 0)
            : IsText(node) && value.Value is string part && node!.GetValue<string>().Contains(part, StringComparison.Ordinal);

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    /// <summary>The pattern's characters; <see langword="null"/> is any run of them, and -1 any one.</summary>
    private static List<int?> Pattern(string pattern)
    {
        List<int?> result = [];
        Rune[] runes = [.. pattern.EnumerateRunes()];
        for (int i = 0; i < runes.Length; i++)
        {
            bool escapes = runes[i].Value == '\\' && i + 1 < runes.Length && runes[i + 1].Value is '%' or '_' or '\\';
            result.Add(
                escapes
                    ? runes[++i].Value
                    : runes[i].Value switch
                    {
                        '%' => null,
                        '_' => -1,
                        var other => other,
                    }
            );
        }

        return result;
    }

    // The classic walk with one place to come back to: after a run, its length is all that can be wrong.
    private static bool Matches(Rune[] text, List<int?> pattern)
    {
        int t = 0,
            p = 0,
            run = -1,
            resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Count && pattern[p] is { } wanted && (wanted == -1 || wanted == text[t].Value))
            {
                (t, p) = (t + 1, p + 1);
            }
            else if (p < pattern.Count && pattern[p] is null)
            {
                (run, resume) = (p++, t);
            }
            else if (run >= 0)
            {
                (p, t) = (run + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Count && pattern[p] is null)
            p++;
        return p == pattern.Count;
    }
}
