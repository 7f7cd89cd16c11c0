using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Training.Data;

/// <summary>A named value of a row: no text, one text, a list of texts, or something that is neither.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Texts">The texts, without blank ones; <see langword="null"/> when the value is neither text nor a list of texts.</param>
/// <param name="IsList">Whether the value was a list.</param>
internal readonly record struct PairField(string Name, IReadOnlyList<string>? Texts, bool IsList = false)
{
    private static readonly string[] Nothing = [];

    /// <summary>A field of a table without types. A list of texts in it is written as JSON.</summary>
    public static PairField FromCell(string name, string? cell)
    {
        if (string.IsNullOrWhiteSpace(cell))
        {
            return new PairField(name, Nothing);
        }

        if (cell.StartsWith('[') && PairColumns.IsNegative(name))
        {
            try
            {
                PairField list = FromJson(name, JsonNode.Parse(cell));
                if (list.Texts is not null)
                {
                    return list;
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // A text may begin with a bracket; a column of lists may not hold one, nor half of a surrogate pair.
            }

            return PairColumns.HoldsLists(name) ? new PairField(name, null) : new PairField(name, [cell]);
        }

        return new PairField(name, [cell]);
    }

    /// <summary>A field of a JSON object or of a Parquet row. Numbers count as their text, and a truth value as 1 or 0.</summary>
    public static PairField FromJson(string name, JsonNode? value) =>
        value switch
        {
            null => new PairField(name, Nothing),
            JsonArray list => FromList(name, list),
            JsonValue single => TextOf(single) is { } text
                ? new PairField(name, string.IsNullOrWhiteSpace(text) ? Nothing : [text])
                : new PairField(name, null),
            _ => new PairField(name, null),
        };

    private static PairField FromList(string name, JsonArray list)
    {
        bool texts = list.All(static item => item is null || item.GetValueKind() is JsonValueKind.String);
        return texts
            ? new PairField(
                name,
                [
                    .. list.Select(static item => item?.GetValue<string>())
                        .OfType<string>()
                        .Where(static text => !string.IsNullOrWhiteSpace(text)),
                ],
                IsList: true
            )
            : new PairField(name, null, IsList: true);
    }

    private static string? TextOf(JsonValue value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.String or JsonValueKind.Number => value.ToString(),
            JsonValueKind.True => "1",
            JsonValueKind.False => "0",
            _ => null,
        };
}
