using System.Runtime.InteropServices;
using System.Text.Json;
using Sextant.Plotting.Coloring;

namespace Sextant.Plotting.Maps;

/// <summary>
/// The data of a map in the format of the page: numbers as base64 of little-endian arrays, which load fast; texts as plain strings.
/// </summary>
internal static class MapJson
{
    private const int Version = 1;
    private const float OutOfSight = 1000;

    public static void Write(Utf8JsonWriter json, MapData data, InteractiveMapOptions options)
    {
        MapField? color = options.Label is { } label ? data.Field(label) : null;
        float[] positions = Fit(data.Positions.Span);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("title", options.Title);
        if (options.Theme is { } theme)
            json.WriteString("theme", theme == PlotTheme.Dark ? "dark" : "light");
        if (color is not null)
            json.WriteString("color", color.Name);
        json.WriteNumber("count", data.Count);
        json.WriteString("single", PaletteColors.Get(options.Palette).Color(0));
        json.WriteString("unknown", PaletteColors.Unknown);
        json.WriteBase64String("positions", MemoryMarshal.AsBytes(positions.AsSpan()));
        if (data.Texts is { } texts)
            Strings(json, "texts", texts);
        json.WriteStartArray("fields");
        foreach (MapField field in data.Fields)
            Field(json, field, options);
        json.WriteEndArray();
        json.WriteStartArray("labels");
        foreach (ClusterLabel cluster in ClusterLabels.Of(data, positions, color))
        {
            json.WriteStartObject();
            json.WriteNumber("point", cluster.Point);
            json.WriteString("text", cluster.Text);
            json.WriteNumber("count", cluster.Count);
            json.WriteStartArray("box");
            json.WriteNumberValue(cluster.Box.Left);
            json.WriteNumberValue(cluster.Box.Right);
            json.WriteNumberValue(cluster.Box.Bottom);
            json.WriteNumberValue(cluster.Box.Top);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter json, MapField field, InteractiveMapOptions options)
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
                if (field.Values[i] is not { } value)
                    continue;
                if (!codes.TryGetValue(value, out coded[i]))
                    codes[value] = coded[i] = codes.Count;
            }

            json.WriteString("kind", "category");
            Strings(json, "categories", codes.Keys);
            Colors(json, codes.Keys, CategoryColors.Create(field.Values, options.Palette, options.MaxCategories));
            json.WriteBase64String("codes", MemoryMarshal.AsBytes(coded.AsSpan()));
        }

        json.WriteEndObject();
    }

    /// <summary>The color of each category; null for those that are grouped.</summary>
    private static void Colors(Utf8JsonWriter json, IEnumerable<string> categories, CategoryColors colors)
    {
        json.WriteStartArray("colors");
        foreach (string category in categories)
            json.WriteStringValue(colors.Find(category) is >= 0 and int place ? colors.Palette.Color(place) : null);
        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> strings)
    {
        json.WriteStartArray(name);
        foreach (string text in strings)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    // The page starts with the square from -1 to 1; both axes have the same scale. Outliers are outside it and become visible by zooming
    // out; points without a position are placed out of sight.
    private static float[] Fit(ReadOnlySpan<float> positions)
    {
        ViewLimits limits = ViewLimits.Compute(positions) ?? new(0, 0, 0, 0);
        float[] fitted = new float[positions.Length];
        float half = Math.Max(limits.Right - limits.Left, limits.Top - limits.Bottom) / 2;
        float x = (limits.Left / 2) + (limits.Right / 2),
            y = (limits.Bottom / 2) + (limits.Top / 2);
        for (int i = 0; i < positions.Length; i++)
        {
            float middle = i % 2 == 0 ? x : y;
            fitted[i] =
                !float.IsFinite(positions[i]) ? OutOfSight
                : half > 0 ? (positions[i] - middle) / half
                : 0;
        }

        return fitted;
    }
}
