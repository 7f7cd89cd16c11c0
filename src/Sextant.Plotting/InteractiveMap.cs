using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Sextant.Plotting.Maps;

namespace Sextant.Plotting;

/// <summary>
/// A map of points for the browser: pan, zoom, tooltips with texts, colors by any field, search, lasso, export of the selection. One file
/// that opens from disk and never uses the network.
/// </summary>
public static class InteractiveMap
{
    // Not the relaxed encoder: '<' must never come through, for the data stand inside of a page.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The script of the map, which defines <c>SextantMap.mountMap(element, data)</c>, for custom pages.</summary>
    public static string Script { get; } = ReadScript();

    /// <summary>Writes the map's data as JSON, the second argument of <c>mountMap</c>.</summary>
    /// <exception cref="InputException">The options name a field that does not exist.</exception>
    public static void WriteJson(Stream stream, MapData data, InteractiveMapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        using Utf8JsonWriter json = new(stream, Json);
        MapJson.Write(json, data, options ?? new());
    }

    /// <summary>Writes the map as one HTML page.</summary>
    /// <exception cref="InputException">The options name a field that does not exist.</exception>
    public static void WriteHtml(Stream stream, MapData data, InteractiveMapOptions? options = null)
    {
        options ??= new();
        const string Start =
            "SextantMap.mountMap(document.getElementById('map'), JSON.parse(document.getElementById('data').textContent))"
            + ".then(map => { window.sextantMap = map; });";
        // The page may run these two scripts and no other, and load nothing. The WebGL library compiles its draw calls: unsafe-eval.
        string policy =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; "
            + $"script-src 'unsafe-eval' {Hash(Script)} {Hash(Start)}";
        Write(
            stream,
            $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{{policy}}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{HtmlEncoder.Default.Encode(options.Title)}}</title>
            <style>html, body, #map { margin: 0; height: 100%; }</style>
            </head>
            <body>
            <div id="map"></div>
            <noscript>This map needs JavaScript and WebGL.</noscript>
            <script id="data" type="application/json">
            """
        );
        WriteJson(stream, data, options);
        Write(stream, $"</script>\n<script>{Script}</script>\n<script>{Start}</script>\n</body>\n</html>\n");
    }

    private static void Write(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    private static string Hash(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    private static string ReadScript()
    {
        using Stream stream = typeof(InteractiveMap).Assembly.GetManifestResourceStream("Sextant.Plotting.map.js")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
