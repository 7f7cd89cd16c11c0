using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Plotting;
using Sextant.Projection;
using Sextant.Search;

namespace Sextant.Server.Collections;

/// <summary>Draws a collection on a plane: the data that <c>SextantMap.mountMap</c> takes, and the id of each point.</summary>
internal static class CollectionMap
{
    private const int MostFields = 16;
    private const int LongestText = 300;
    private const int LongestValue = 80;

    /// <summary>Lays out the documents; of more than <paramref name="most"/> every n-th.</summary>
    /// <exception cref="InputException">There are none.</exception>
    public static async Task<byte[]> DrawAsync(SemanticSearchEngine engine, string title, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await DrawOnceAsync(engine, title, most, cancellationToken);
            }
            catch (ModelMovedException)
            {
                // The vectors of two models cannot be on one map.
            }
        }
    }

    private static async Task<byte[]> DrawOnceAsync(SemanticSearchEngine engine, string title, int most, CancellationToken cancellationToken)
    {
        long count = await engine.CountAsync(cancellationToken), step = Math.Max(1, (count + most - 1) / most), at = 0;
        List<string> ids = [], texts = [];
        List<JsonObject?> metadata = [];
        List<float> rows = [];
        await foreach (Document document in engine.ListAsync(cancellationToken))
        {
            if (at++ % step != 0) continue;
            ids.Add(document.Id!);
            texts.Add(Cut(document.Text, LongestText));
            metadata.Add(document.Metadata);
            rows.AddRange(document.Vector!.Value.Span);
        }

        if (ids.Count == 0) throw new InputException("the collection is empty, and there is nothing to draw; add documents first");
        // Of the vectors themselves, because the collection may have been moved to another model a moment ago.
        int dimensions = rows.Count / ids.Count;
        return await Task.Run(() =>
        {
            UmapModel layout = UmapModel.Fit(rows.ToArray(), dimensions, UmapOptions.For(ids.Count), cancellationToken: cancellationToken);
            return Write(ids, new(layout.Embedding, texts, Fields(metadata)), title);
        }, cancellationToken);
    }

    private static byte[] Write(List<string> ids, MapData data, string title)
    {
        using MemoryStream map = new();
        InteractiveMap.WriteJson(map, data, new() { Title = title });
        ArrayBufferWriter<byte> whole = new((int)map.Length + (ids.Count * 32));
        using (Utf8JsonWriter json = new(whole))
        {
            json.WriteStartArray();
            foreach (string id in ids) json.WriteStringValue(id);
            json.WriteEndArray();
        }

        // The map's own object, with the ids put in front of its first member.
        return [.. "{\"ids\":"u8, .. whole.WrittenSpan, (byte)',', .. map.ToArray().AsSpan(1)];
    }

    private static List<MapField> Fields(List<JsonObject?> metadata) =>
        [.. metadata.SelectMany(one => one?.Select(pair => pair.Key) ?? []).Distinct().Take(MostFields)
            .Select(name => new MapField(name, [.. metadata.Select(one => Show(one?[name]))]))];

    private static string? Show(JsonNode? value) => value is null
        ? null
        : Cut(MetadataJson.Show(value)!, LongestValue);

    private static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        int end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return text[..end] + "…";
    }
}
