using System.Text.Json;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>Reads labeled texts in the formats of their publishers.</summary>
internal static class LabeledReader
{
    /// <summary>"LABEL text" lines: TREC's questions, SST-2.</summary>
    public static IReadOnlyList<LabeledText> LabelFirst(string path)
    {
        var texts = new List<LabeledText>();
        foreach ((string line, string place) in TextLines.ReadNonBlank(path))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0)
                throw new InputException($"{place}: expected a label, a space and a text");
            texts.Add(new LabeledText(line[(space + 1)..], line[..space]));
        }

        return texts;
    }

    /// <summary>A text a line in one file, its label on the same line of another.</summary>
    public static IReadOnlyList<LabeledText> Parallel(string textFile, string labelFile)
    {
        (string Text, string Place)[] texts = [.. TextLines.All(textFile)],
            labels = [.. TextLines.All(labelFile)];
        if (texts.Length != labels.Length)
        {
            throw new InputException(
                $"{labelFile}: {labels.Length} lines, but {textFile} has {texts.Length}; each text needs its label on the same line"
            );
        }

        return [.. texts.Zip(labels, static (text, label) => new LabeledText(text.Text, label.Text.Trim()))];
    }

    /// <summary>A comma table with columns for text and label.</summary>
    public static IReadOnlyList<LabeledText> Table(string path, string textColumn, string labelColumn)
    {
        var texts = new List<LabeledText>();
        foreach (TableRow row in TableReader.Read(path))
            texts.Add(new LabeledText(row.Required(textColumn), row.Required(labelColumn)));
        return texts;
    }

    /// <summary>One part of a JSON object of lists of [text, label]: CLINC150.</summary>
    public static IReadOnlyList<LabeledText> JsonPart(string path, string part)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            return
            [
                .. document
                    .RootElement.GetProperty(part)
                    .EnumerateArray()
                    .Select(static pair => new LabeledText(pair[0].GetString() ?? "", pair[1].GetString() ?? "")),
            ];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new InputException($"{path}: expected a JSON object whose '{part}' is a list of [text, label]", e);
        }
    }
}
