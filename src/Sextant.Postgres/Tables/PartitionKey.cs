using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Search.Filters;

namespace Sextant.Postgres.Tables;

/// <summary>
/// The number by which a document finds its partition: a hash of one metadata field, the same for values that filters take for equal.
/// </summary>
internal static class PartitionKey
{
    public static long Compute(JsonObject metadata, string field) =>
        metadata[field] switch
        {
            JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.String => Hash("text " + value.GetValue<string>()),
            JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.Number => Scalar(
                FilterNumber.Parse(value.ToJsonString()).ToDecimal()
            ),
            JsonValue value => Scalar(value.ToJsonString()),
            _ => 0,
        };

    /// <summary>The single partition that contains all documents matching <paramref name="filter"/>, if the filter implies one.</summary>
    public static long? Required(FilterExpression filter, string field) =>
        filter switch
        {
            AndFilter and => Required(and.Left, field) ?? Required(and.Right, field),
            ComparisonFilter { Comparison: FilterComparison.Equal } equal when equal.Field.Names is [var name] && name == field => equal
                .Value
                .Value switch
            {
                string text => Hash("text " + text),
                bool truth => Scalar(truth ? "true" : "false"),
                long or double => Scalar(FilterNumber.Create(equal.Value).ToDecimal()),
                _ => null,
            },
            _ => null,
        };

    // 1, 1.0 and 1e0 are the same number. Numbers beyond the range of decimal are distinguished by their digits as a double.
    private static long Scalar(string json)
    {
        if (decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact))
            json = (exact / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
        else if (double.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out double real))
            json = real.ToString("R", CultureInfo.InvariantCulture);
        return Hash("value " + json);
    }

    private static long Hash(string text) => unchecked((long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)));
}
