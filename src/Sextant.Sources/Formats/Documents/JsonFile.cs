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
    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        if (PageText.ReadAll(stream, scope) is not { } text || string.IsNullOrWhiteSpace(text))
            yield break;
        JsonText json = JsonText.ParseFile(text);
        if (json.Fault is { } fault)
        {
            scope.Bad(json.Line, fault, json.Cause);
            yield break;
        }

        if (Rows(json.Value, scope) is not { } rows)
        {
            JsonObject metadata = new() { ["language"] = "json" };
            if (new PageSections(scope, metadata).Section(text, 1) is { } whole)
            {
                yield return whole with
                {
                    IsCode = true,
                };
            }

            yield break;
        }

        RowMapper mapper = new(scope, hasAllFields: false);
        for (int i = 0; i < rows.Count; i++)
        {
            JsonNode? row = rows[i];
            // Detached, because its fields become the metadata of a document.
            rows[i] = null;
            int number = i + 1;
            SourceDocument? document = row switch
            {
                JsonObject fields => mapper.Map(fields, number),
                JsonValue value when value.GetValueKind() == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetValue<string>()) =>
                    mapper.Map(new() { ["text"] = value.GetValue<string>() }, number),
                _ => scope.Bad(
                    number,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"row {number} is neither an object nor a text; write one {{\"text\": …}} for each"
                    )
                ),
            };
            if (document is not null)
                yield return document;
        }

        mapper.NoteMissingFields();
    }

    /// <summary>The rows, or <see langword="null"/> where the file is one text.</summary>
    private static JsonArray? Rows(JsonNode? root, SourceScope scope)
    {
        if (scope.Options.JsonPath is not { } path)
        {
            if (root is JsonArray { Count: > 0 } top && AreRows(top, scope))
                return top;
            if (
                root is JsonObject single
                && (scope.Options.TextField is not null || RowMapper.HasTextField(single.Select(static f => f.Key)))
            )
            {
                return new JsonArray(single);
            }

            if (
                root is JsonObject fields
                && fields.FirstOrDefault(static f => f.Value is JsonArray { Count: > 0 } rows && rows[0] is JsonObject).Key is { } name
            )
            {
                scope.Note($"is read as one text; its rows may be in '{name}'");
            }

            return root is JsonArray { Count: 0 } empty ? empty : null;
        }

        JsonNode? at = root;
        foreach (string step in path.Split(path.StartsWith('/') ? '/' : '.', StringSplitOptions.RemoveEmptyEntries))
        {
            at = at switch
            {
                JsonObject fields => fields[step],
                JsonArray items when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < items.Count =>
                    items[i],
                _ => null,
            };
            if (at is null)
            {
                throw scope.Error(1, $"the path '{path}' has no '{step}'; correct the path", option: nameof(SourceReaderOptions.JsonPath));
            }
        }

        return at as JsonArray ?? [at!.DeepClone()];
    }

    private static bool AreRows(JsonArray top, SourceScope scope) =>
        top[0] switch
        {
            JsonObject first => scope.Options.TextField is not null || RowMapper.HasTextField(first.Select(static f => f.Key)),
            JsonValue value => value.GetValueKind() == JsonValueKind.String,
            _ => false,
        };
}
