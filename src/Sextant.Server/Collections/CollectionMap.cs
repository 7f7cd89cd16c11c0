using System.Buffers;
using System.Text.Json;
using Sextant.Plotting;
using Sextant.Search;

namespace Sextant.Server.Collections;

/// <summary>Draws a collection on a plane: the data that <c>SextantMap.mountMap</c> takes, and the id of each point.</summary>
internal static class CollectionMap
{
    private const int MostFields = 16;
    private const int LongestText = 300;
    private const int LongestValue = 80;

    /// <summary>Lays out the documents; of more than <paramref name="most"/> every n-th.</summary>
    /// <exception cref="InputException">The collection is empty.</exception>
    public static async Task<byte[]> DrawAsync(SemanticSearchEngine engine, string title, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await DrawOnceAsync(engine, title, most, cancellationToken);
            }
            catch (ModelChangedException)
            {
                // The vectors of two models cannot be on one map.
            }
        }
    }

    private static async Task<byte[]> DrawOnceAsync(
        SemanticSearchEngine engine,
        string title,
        int most,
        CancellationToken cancellationToken
    )
    {
        long count = await engine.CountAsync(cancellationToken),
            step = Math.Max(1, (count + most - 1) / most),
            at = 0;
        List<string> ids = [];
        MapBuilder points = new(static value => Cut(MetadataJson.ToDisplayText(value)!, LongestValue), MostFields);
        await foreach (Document document in engine.ListAsync(cancellationToken))
        {
            if (at++ % step != 0)
                continue;
            ids.Add(document.Id!);
            points.Add(document.Vector!.Value, Cut(document.Text, LongestText), document.Metadata);
        }

        if (ids.Count == 0)
            throw new InputException("the collection is empty; add documents first");
        return await Task.Run(() => Write(ids, points.LayOut(cancellationToken: cancellationToken), title), cancellationToken);
    }

    private static byte[] Write(List<string> ids, MapData data, string title)
    {
        using MemoryStream map = new();
        InteractiveMap.WriteJson(map, data, new() { Title = title });
        ArrayBufferWriter<byte> whole = new((int)map.Length + (ids.Count * 32));
        using (Utf8JsonWriter json = new(whole))
        {
            json.WriteStartArray();
            foreach (string id in ids)
                json.WriteStringValue(id);
            json.WriteEndArray();
        }

        // The map's own object, with the ids put in front of its first member.
        return [.. "{\"ids\":"u8, .. whole.WrittenSpan, (byte)',', .. map.ToArray().AsSpan(1)];
    }

    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        int end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return text[..end] + "…";
    }
}
