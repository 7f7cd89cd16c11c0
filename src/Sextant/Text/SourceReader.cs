using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Text;

/// <summary>Reads documents from files, from folders of them, and from the standard input ("-", JSON Lines).</summary>
/// <param name="options">The defaults when <see langword="null"/>.</param>
public sealed class SourceReader(SourceReaderOptions? options = null)
{
    private static readonly string[] Texts = [".txt", ".md"];
    private static readonly string[] Rows = [".jsonl", ".ndjson"];

    private readonly SourceReaderOptions _options = options ?? new();

    /// <summary>How many rows were passed over because they could not be read.</summary>
    public int SkippedRows { get; private set; }

    /// <summary>Reads <paramref name="sources"/> one after another; a folder with all that is in it, by name.</summary>
    /// <exception cref="InputException">A source is not there, or a row cannot be read; the message names file and line.</exception>
    public async IAsyncEnumerable<SourceDocument> ReadAsync(
        IEnumerable<string> sources, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        foreach (string file in sources.SelectMany(Files))
        {
            if (file != "-" && Texts.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            {
                string text = await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
                if (!string.IsNullOrWhiteSpace(text)) yield return new() { Id = file, Text = text, Source = file, Line = 1 };
                continue;
            }

            using TextReader reader = file == "-" ? Console.In : new StreamReader(file);
            for (int line = 1; await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } row; line++)
                if (!string.IsNullOrWhiteSpace(row) && Row(row, file, line) is { } document) yield return document;
        }
    }

    private static IEnumerable<string> Files(string source)
    {
        if (source == "-") return [source];
        if (Directory.Exists(source))
            return Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(IsReadable).Order(StringComparer.Ordinal);
        if (!File.Exists(source)) throw new InputException($"{source}: no such file or folder");
        return IsReadable(source) ? [source] : throw new InputException($"{source}: this kind of file cannot be read");
    }

    private static bool IsReadable(string file) =>
        Texts.Concat(Rows).Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private SourceDocument? Row(string row, string file, int line)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{file}:{line}");
        try
        {
            if (JsonNode.Parse(row) is not JsonObject fields) throw new InputException($"{place}: a row is one JSON object");
            string text = Take(fields, _options.TextField ?? "text")
                ?? throw new InputException($"{place}: the row has no field '{_options.TextField ?? "text"}'; name another with --text");
            string? id = Take(fields, _options.IdField ?? "id");
            if (id is null && _options.IdField is not null) throw new InputException($"{place}: the row has no field '{_options.IdField}'");
            return new() { Id = id ?? place, Text = text, Metadata = fields, Source = file, Line = line };
        }
        catch (Exception e) when (e is InputException or JsonException or ArgumentException)
        {
            if (!_options.SkipBad) throw e as InputException ?? new InputException($"{place}: the row is not JSON ({e.Message})", e);
            SkippedRows++;
            return null;
        }
    }

    private static string? Take(JsonObject fields, string name) =>
        fields.Remove(name, out JsonNode? value) && value is JsonValue ? value.ToString() : null;
}
