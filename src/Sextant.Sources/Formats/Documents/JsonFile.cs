using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Sources.Formats.Pages;
using Sextant.Sources.Formats.Rows;

namespace Sextant.Sources.Formats.Documents;

/// <summary>
/// JSON (.json): an array of rows, at the top or where <see cref="SourceReaderOptions.JsonPath"/> leads. Anything else, such as a
/// configuration, is one text.
/// </summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Lenient = MetadataDepth.Lenient with { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        if (PageText.ReadAll(stream, scope) is not { } text || string.IsNullOrWhiteSpace(text)) yield break;
        if (!TryParse(text, scope, out JsonNode? root)) yield break;
        if (Rows(root, scope) is not { } rows)
        {
            JsonObject metadata = new() { ["language"] = "json" };
            if (new PageSections(scope, metadata).Section(text, 1) is { } whole) yield return whole with { IsCode = true };
            yield break;
        }

        RowMapper mapper = new(scope, hasAllFields: false);
        int number = 0;
        foreach (JsonNode? row in rows)
        {
            number++;
            SourceDocument? document = row switch
            {
                JsonObject fields => mapper.Map((JsonObject)fields.DeepClone(), number),
                JsonValue value when value.GetValueKind() == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetValue<string>()) =>
                    mapper.Map(new() { ["text"] = value.GetValue<string>() }, number),
                _ => scope.Bad(number, string.Create(CultureInfo.InvariantCulture, $"row {number} is neither an object nor a text; write one {{\"text\": …}} for each")),
            };
            if (document is not null) yield return document;
        }

        mapper.NoteMissingFields();
    }

    private static bool TryParse(string text, SourceScope scope, out JsonNode? root)
    {
        root = null;
        try
        {
            root = JsonNode.Parse(text, documentOptions: Lenient);
            // Half of a surrogate pair, written as an escape, shows only when a value is read.
            if (!Surrogates.MayBeEscapedIn(text) || !Surrogates.AreIn(root)) return true;
            scope.Bad(1, $"the file holds {Surrogates.Description}; write whole characters");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            int line = e is JsonException { LineNumber: { } at } ? (int)at + 1 : 1;
            int end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            scope.Bad(line, $"the file is not JSON ({(end < 0 ? e.Message : e.Message[..end]).TrimEnd('.')}); correct it", e);
        }

        return false;
    }

    /// <summary>The rows, or <see langword="null"/> where the file is one text.</summary>
    private static JsonArray? Rows(JsonNode? root, SourceScope scope)
    {
        if (scope.Options.JsonPath is not { } path)
        {
            if (root is JsonArray { Count: > 0 } top && AreRows(top, scope)) return top;
            if (root is JsonObject single && (scope.Options.TextField is not null || RowMapper.HasTextField(single.Select(static f => f.Key)))) return [single.DeepClone()];
            if (root is JsonObject fields && fields.FirstOrDefault(static f => f.Value is JsonArray { Count: > 0 } rows && rows[0] is JsonObject).Key is { } name)
                scope.Note($"is read as one text; its rows may be in '{name}'");
            return root is JsonArray { Count: 0 } empty ? empty : null;
        }

        JsonNode? at = root;
        foreach (string step in path.Split(path.StartsWith('/') ? '/' : '.', StringSplitOptions.RemoveEmptyEntries))
        {
            at = at switch
            {
                JsonObject fields => fields[step],
                JsonArray items when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < items.Count => items[i],
                _ => null,
            };
            if (at is null) throw scope.Error(1, $"there is no '{step}' on the way to '{path}'; correct the path", option: nameof(SourceReaderOptions.JsonPath));
        }

        return at as JsonArray ?? [at!.DeepClone()];
    }

    private static bool AreRows(JsonArray top, SourceScope scope) => top[0] switch
    {
        JsonObject first => scope.Options.TextField is not null || RowMapper.HasTextField(first.Select(static f => f.Key)),
        JsonValue value => value.GetValueKind() == JsonValueKind.String,
        _ => false,
    };
}
