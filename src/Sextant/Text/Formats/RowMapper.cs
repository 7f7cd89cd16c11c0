using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Text.Formats;

/// <summary>
/// Makes documents of rows: finds the fields of the text and the id, and leaves the others as metadata. The text fields are
/// chosen once, by the first row, so that a file is read in one way from top to bottom.
/// </summary>
internal sealed class RowMapper(SourceScope scope)
{
    /// <summary>What a text is usually called, the likeliest first; those joined by + must all be there.</summary>
    private static readonly string[] TextNames =
    [
        "text", "content", "body", "passage", "sentence", "document", "question+answer",
        "description", "abstract", "message", "comment", "review", "summary", "question", "title",
    ];

    private static readonly string[] IdNames = ["id", "_id"];

    private string[]? _textFields;

    /// <summary>The document, or <see langword="null"/> when the row is bad and passed over. Takes <paramref name="fields"/> over.</summary>
    public SourceDocument? Map(JsonObject fields, int line)
    {
        _textFields ??= TextFields(fields, line);
        List<string> texts = [];
        foreach (string name in _textFields)
        {
            if (Find(fields, name) is not { } found)
                return scope.Bad(line, $"the row has no field '{name}', only {Names(fields)}; name the field of the text with --text");
            fields.Remove(found, out JsonNode? value);
            if (!TryGetText(value, out string text)) return scope.Bad(line, $"the field '{name}' holds no text; give it one");
            texts.Add(text);
        }

        string whole = string.Join('\n', texts);
        if (SourceEncoding.Fault(whole) is { } fault) return scope.Bad(line, fault);
        if (!TryTakeId(fields, out string? id, out string? missing)) return scope.Bad(line, missing!);
        return new() { Id = id ?? scope.Ids.OfText(whole), Text = whole, Metadata = fields, Source = scope.Source, Line = line };
    }

    // A file whose rows have no text at all is wrong as a whole, so this is told even where bad rows are passed over.
    private string[] TextFields(JsonObject fields, int line)
    {
        if (scope.Options.TextField is { } given)
        {
            if (Find(fields, given) is not null) return [given];
            string[] parts = given.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string? missing = parts.Length == 0 ? given : parts.FirstOrDefault(part => Find(fields, part) is null);
            return missing is null ? parts : throw scope.Error(line, $"there is no field '{missing}'; choose --text from {Names(fields)}");
        }

        foreach (string name in TextNames)
        {
            string[] parts = name.Split('+');
            if (parts.All(part => Find(fields, part) is not null)) return parts;
        }

        string[] others = [.. fields.Select(field => field.Key).Where(name => !IsId(name))];
        return others.Length == 1
            ? others
            : throw scope.Error(line, $"no field looks like the text; choose it with --text from {Names(fields)}");
    }

    private bool TryTakeId(JsonObject fields, out string? id, out string? fault)
    {
        (id, fault) = (null, null);
        string? name = scope.Options.IdField is { } given
            ? Find(fields, given)
            : IdNames.Select(idName => Find(fields, idName)).FirstOrDefault(found => found is not null);
        if (name is null)
        {
            if (scope.Options.IdField is not null)
                fault = $"the row has no field '{scope.Options.IdField}', only {Names(fields)}; name the field of the id with --id";
            return fault is null;
        }

        bool isId = TryGetText(fields[name], out string text) && SourceEncoding.Fault(text) is null;
        if (isId)
        {
            id = text;
            fields.Remove(name);
        }
        else if (scope.Options.IdField is not null)
        {
            fault = $"the field '{name}' holds no id; give the row one, or leave out --id";
        }

        if (id is not null && DocumentId.Fault(id) is { } wrong) fault = DocumentId.Complaint(id, wrong);
        return fault is null;
    }

    /// <summary>The name as the row spells it: as given, or else with other capitals.</summary>
    private static string? Find(JsonObject fields, string name) => fields.ContainsKey(name)
        ? name
        : fields.Select(field => field.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsId(string name) => IdNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool TryGetText(JsonNode? value, out string text)
    {
        text = "";
        if (value is not JsonValue || value.GetValueKind() is JsonValueKind.Null) return false;
        try
        {
            text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        }
        catch (InvalidOperationException)
        {
            return false; // half of a surrogate pair, written as an escape
        }

        return !string.IsNullOrWhiteSpace(text);
    }

    private static string Names(JsonObject fields) =>
        fields.Count == 0 ? "none" : string.Join(", ", fields.Select(field => $"'{field.Key}'"));
}
