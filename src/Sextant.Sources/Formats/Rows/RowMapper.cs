using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Search;
using Sextant.Sources.Reading;

namespace Sextant.Sources.Formats.Rows;

/// <summary>
/// Makes documents of rows: finds the fields of the text and the id, and leaves the others as metadata. The text fields are
/// chosen once, by the first row, so that a file is read in one way from top to bottom.
/// </summary>
/// <param name="scope">The file.</param>
/// <param name="hasAllFields">Whether every row has all the fields, as in a table: one that the first row lacks is then misspelled.</param>
internal sealed class RowMapper(SourceScope scope, bool hasAllFields)
{
    /// <summary>What a text is usually called, the likeliest first; those joined by + must all be there.</summary>
    private static readonly string[] TextNames =
    [
        "text",
        "content",
        "body",
        "passage",
        "sentence",
        "document",
        "question+answer",
        "description",
        "abstract",
        "message",
        "comment",
        "review",
        "summary",
        "question",
        "title",
    ];

    private static readonly string[] IdNames = ["id", "_id"];

    private string[]? _textFields;
    private string? _idField;
    private bool[]? _isFound;

    /// <summary>
    /// The document, or <see langword="null"/> if the row is bad and skipped. Takes ownership of <paramref name="fields"/>.
    /// </summary>
    public SourceDocument? Map(JsonObject fields, int line)
    {
        _textFields ??= ChooseFields(fields, line);
        if (Texts(fields, out string? none) is not { Count: > 0 } texts)
            return scope.Bad(line, none!, option: nameof(SourceReaderOptions.TextField));
        string whole = string.Join('\n', texts);
        if (SourceEncoding.Fault(whole) is { } fault)
            return scope.Bad(line, fault);
        if (!TryTakeId(fields, out string? id, out string? missing))
            return scope.Bad(line, missing!, option: nameof(SourceReaderOptions.IdField));
        if (hasAllFields)
            RemoveEmpty(fields);
        if (MetadataDepth.IsExceededBy(fields))
            return scope.Bad(line, $"the metadata is {MetadataDepth.Fault}");
        return new()
        {
            Id = id ?? scope.Ids.OfText(whole),
            HasMadeId = id is null,
            Text = whole,
            Metadata = fields,
            Source = scope.Source,
            Line = line,
        };
    }

    /// <summary>Removes the fields of empty table cells.</summary>
    private static void RemoveEmpty(JsonObject fields)
    {
        foreach (string name in fields.Where(static field => field.Value is null).Select(static field => field.Key).ToArray())
            fields.Remove(name);
    }

    /// <summary>Whether one of these names is what a text is usually called.</summary>
    public static bool HasTextField(IEnumerable<string> names)
    {
        HashSet<string> known = new(names, StringComparer.OrdinalIgnoreCase);
        return TextNames.Any(name => name.Split('+').All(known.Contains));
    }

    /// <summary>Whether the text or the id was taken from the field called <paramref name="name"/>.</summary>
    public bool IsTextOrId(string name) => IsSame(_idField, name) || _textFields?.Any(field => IsSame(field, name)) == true;

    /// <summary>Says which of several fields of the text no row had: it may be misspelled.</summary>
    public void NoteMissingFields()
    {
        for (int i = 0; i < (_isFound?.Length ?? 0); i++)
        {
            if (!_isFound![i])
                scope.Note($"no row has a field '{_textFields![i]}'");
        }
    }

    /// <summary>Takes the fields of the text out of a row. If several fields are named, the existing ones form the text.</summary>
    private List<string> Texts(JsonObject fields, out string? fault)
    {
        fault = null;
        _isFound ??= new bool[_textFields!.Length];
        List<string> texts = [];
        for (int i = 0; i < _textFields!.Length; i++)
        {
            string name = _textFields[i];
            if (Find(fields, name) is not { } found)
            {
                fault ??= $"the row has no field {AnyOf(_textFields)}, only {Names(fields)}; name the text field";
                continue;
            }

            _isFound[i] = true;
            if (TryGetText(fields[found], out string text))
                texts.Add(text);
            else
                fault = $"the field {AnyOf(_textFields)} has no text; add one";
        }

        // Only now, so that an error lists the original fields.
        foreach (string name in _textFields)
        {
            if (Find(fields, name) is { } found)
                fields.Remove(found);
        }

        return texts;
    }

    // The columns are reported before the choice fails, so that a caller can choose among them.
    private string[] ChooseFields(JsonObject fields, int line)
    {
        SourceColumns columns = new([.. fields.Select(static field => field.Key)], [], FindId(fields));
        scope.ColumnsFound?.Invoke(columns);
        string[] text = TextFields(fields, line);
        scope.ColumnsFound?.Invoke(columns with { Text = [.. text.Select(name => Find(fields, name) ?? name)] });
        return text;
    }

    private string? FindId(JsonObject fields) =>
        scope.Options.IdField is { } given
            ? Find(fields, given)
            : IdNames.Select(idName => Find(fields, idName)).FirstOrDefault(static found => found is not null);

    // A file without any text field is invalid as a whole, so this is an error even if bad rows are skipped.
    private string[] TextFields(JsonObject fields, int line)
    {
        if (scope.Options.TextField is { } given)
        {
            if (Find(fields, given) is not null)
                return [given];
            string[] parts = given.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string[] absent = [.. parts.Where(part => Find(fields, part) is null)];
            string? missing =
                parts.Length == 0 ? given
                : hasAllFields || absent.Length == parts.Length ? absent.FirstOrDefault()
                : null;
            return missing is null
                ? parts
                : throw scope.Error(
                    line,
                    $"there is no field '{missing}'{Meant(missing, fields)}; choose the text field from {Names(fields)}",
                    option: nameof(SourceReaderOptions.TextField)
                );
        }

        foreach (string name in TextNames)
        {
            string[] parts = name.Split('+');
            if (parts.All(part => Find(fields, part) is not null))
                return parts;
        }

        string[] others = [.. fields.Select(field => field.Key).Where(name => !IsId(name))];
        return others.Length == 1
            ? others
            : throw scope.Error(
                line,
                $"no field looks like the text field; choose one from {Names(fields)}",
                option: nameof(SourceReaderOptions.TextField)
            );
    }

    private static string Meant(string name, JsonObject fields) => Suggestion.AskWithin(name, fields.Select(static field => field.Key));

    private bool TryTakeId(JsonObject fields, out string? id, out string? fault)
    {
        (id, fault) = (null, null);
        string? name = FindId(fields);
        if (name is null)
        {
            if (scope.Options.IdField is not null)
            {
                fault =
                    $"the row has no field '{scope.Options.IdField}'{Meant(scope.Options.IdField, fields)}, "
                    + $"only {Names(fields)}; name the id field";
            }

            return fault is null;
        }

        bool isId = TryGetText(fields[name], out string text) && SourceEncoding.Fault(text) is null;
        if (isId)
        {
            id = text;
            _idField = name;
            fields.Remove(name);
        }
        else if (scope.Options.IdField is not null)
        {
            fault = $"the field '{name}' has no id; add one, or do not name an id field";
        }

        if (id is not null && DocumentId.FindFault(id) is { } wrong)
            fault = wrong;
        return fault is null;
    }

    /// <summary>The name as the row spells it: as given, or else with other capitals.</summary>
    private static string? Find(JsonObject fields, string name) =>
        fields.ContainsKey(name)
            ? name
            : fields.Select(field => field.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsSame(string? field, string name) => name.Equals(field, StringComparison.OrdinalIgnoreCase);

    private static string AnyOf(string[] names) => string.Join(" or ", names.Select(name => $"'{name}'"));

    private static bool IsId(string name) => IdNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool TryGetText(JsonNode? value, out string text)
    {
        text = "";
        if (value is not JsonValue || value.GetValueKind() is JsonValueKind.Null)
            return false;
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
