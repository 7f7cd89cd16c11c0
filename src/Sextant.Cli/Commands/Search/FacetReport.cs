using System.Globalization;
using System.Text.Json;
using Sextant.Cli.Terminal;
using Sextant.Search.Facets;

namespace Sextant.Cli.Commands.Search;

/// <summary>The values of fields: for a person a line for each field, for a program an array.</summary>
internal static class FacetReport
{
    private const int ValueWidth = 40;

    public static void Write(Output output, IReadOnlyList<Facet> facets)
    {
        foreach (Facet facet in facets.Where(static facet => facet.Distinct > 0))
        {
            string more = facet.Distinct > facet.Values.Count ? Number(facet.Distinct - facet.Values.Count) : "";
            output.WriteLine(
                $"{facet.Field}: {string.Join(", ", facet.Values.Select(Describe))}{(more.Length > 0 ? $" and {more} more values" : "")}"
            );
        }
    }

    public static void WriteJson(Utf8JsonWriter json, IReadOnlyList<Facet> facets)
    {
        if (facets.Count == 0)
            return;
        json.WriteStartArray("facets");
        foreach (Facet facet in facets)
        {
            json.WriteStartObject();
            json.WriteString("field", facet.Field.ToString());
            json.WriteStartArray("values");
            foreach (FacetValue one in facet.Values)
            {
                json.WriteStartObject();
                json.WritePropertyName("value");
                one.Value.ToJson().WriteTo(json);
                json.WriteNumber("count", one.Count);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("distinct", facet.Distinct);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Describe(FacetValue one) =>
        $"{Snippet.Shorten(JsonLine.Show(one.Value.ToJson()), ValueWidth)} {Number(one.Count)}";

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);
}
