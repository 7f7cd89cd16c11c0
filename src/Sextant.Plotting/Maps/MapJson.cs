using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sextant.Plotting.Maps;

/// <summary>A map's data as the page reads them: numbers as base64 of little-endian arrays, which open fast; texts as they are.</summary>
internal static class MapJson
{
    private const int Version = 1;

    public static void Write(Utf8JsonWriter json, MapData data, InteractiveMapOptions options)
    {
        MapField? color = options.Label is { } label ? data.Field(label) : null;
        float[] positions = Fit(data.Positions.Span);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("title", options.Title);
        if (options.Theme is { } theme) json.WriteString("theme", theme == PlotTheme.Dark ? "dark" : "light");
        if (color is not null) json.WriteString("color", color.Name);
        json.WriteNumber("count", data.Count);
        json.WriteBase64String("positions", MemoryMarshal.AsBytes(positions.AsSpan()));
        if (data.Texts is { } texts) Strings(json, "texts", texts);
        json.WriteStartArray("fields");
        foreach (MapField field in data.Fields) Field(json, field);
        json.WriteEndArray();
        json.WriteStartArray("labels");
        foreach ((int point, string text) in ClusterLabels.Of(data, positions, color))
        {
            json.WriteStartObject();
            json.WriteNumber("point", point);
            json.WriteString("text", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter json, MapField field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        if (field.Numbers is { } numbers)
        {
            json.WriteString("kind", "number");
            json.WriteBase64String("values", MemoryMarshal.AsBytes<double>(numbers.ToArray()));
        }
        else
        {
            Dictionary<string, int> codes = new(StringComparer.Ordinal);
            int[] coded = new int[field.Values.Count];
            for (int i = 0; i < coded.Length; i++)
            {
                coded[i] = -1;
                if (field.Values[i] is not { } value) continue;
                if (!codes.TryGetValue(value, out coded[i])) codes[value] = coded[i] = codes.Count;
            }

            json.WriteString("kind", "category");
            Strings(json, "categories", codes.Keys);
            json.WriteBase64String("codes", MemoryMarshal.AsBytes(coded.AsSpan()));
        }

        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> strings)
    {
        json.WriteStartArray(name);
        foreach (string text in strings) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    // The page draws the square from -1 to 1; both axes keep the same unit. What is nowhere goes far outside of it.
    private static float[] Fit(ReadOnlySpan<float> positions)
    {
        float[] fitted = new float[positions.Length];
        (float min, float max)[] ends = [(float.MaxValue, float.MinValue), (float.MaxValue, float.MinValue)];
        for (int i = 0; i < positions.Length; i++)
        {
            if (float.IsFinite(positions[i])) ends[i % 2] = (Math.Min(ends[i % 2].min, positions[i]), Math.Max(ends[i % 2].max, positions[i]));
        }

        float half = Math.Max(ends[0].max - ends[0].min, ends[1].max - ends[1].min) / 2;
        for (int i = 0; i < positions.Length; i++)
        {
            float middle = (ends[i % 2].max / 2) + (ends[i % 2].min / 2);
            fitted[i] = !float.IsFinite(positions[i]) ? 1000 : half > 0 ? (positions[i] - middle) / half : 0;
        }

        return fitted;
    }
}
