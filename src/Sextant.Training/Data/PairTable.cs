using System.Globalization;

namespace Sextant.Training.Data;

/// <summary>
/// Tables of pairs with a header, or without one: then the first column is the anchor, the second the positive, and what follows is a
/// score where it is a number and otherwise negatives.
/// </summary>
internal static class PairTable
{
    private const string NameColumns = "put a row with the names of the columns first";

    /// <summary>The pairs of a table's rows.</summary>
    public static IEnumerable<PairRow> Read(IEnumerable<(IReadOnlyList<string> Fields, int Line)> rows, string path)
    {
        IReadOnlyList<string>? header = null;
        bool first = true;
        foreach ((IReadOnlyList<string> fields, int line) in rows)
        {
            if (first)
            {
                first = false;
                if (PairColumns.IsHeader(fields))
                {
                    header = fields;
                    continue;
                }

                if (PairColumns.IsBrokenHeader(fields))
                {
                    throw new InputException($"{path}:{line}: the header names only one text of a pair ({string.Join(", ", fields)}); name both 'anchor' and 'positive'");
                }
            }

            PairField[] named = header is null
                ? Name([.. fields.Select(static field => PairField.FromCell("", field))], path, line)
                : Name(header, fields, path, line);
            foreach (PairRow pair in PairColumns.ToRows(named, path, line))
            {
                yield return pair;
            }
        }
    }

    /// <summary>Names the values of a row without names, by their order.</summary>
    public static PairField[] Name(IReadOnlyList<PairField> values, string path, int line)
    {
        bool scored = values.Count > 2 && values[2] is { IsList: false, Texts: [string third] } && IsNumber(third);
        if (scored && values.Skip(3).Any(static value => value.Texts is not []))
        {
            throw new InputException(
                $"{path}:{line}: {values.Count} columns without names, of which the third is a number; {NameColumns}");
        }

        return [.. values.Select((value, i) => value with
        {
            Name = i switch { 0 => "anchor", 1 => "positive", 2 when scored => "score", _ => string.Create(CultureInfo.InvariantCulture, $"negative_{i - 1}") },
        })];
    }

    private static PairField[] Name(IReadOnlyList<string> header, IReadOnlyList<string> fields, string path, int line)
    {
        for (int i = header.Count; i < fields.Count; i++)
        {
            if (!string.IsNullOrWhiteSpace(fields[i]))
            {
                throw new InputException(
                    $"{path}:{line}: the row has {fields.Count} fields, the header {header.Count}; put quotes around fields that contain the separator");
            }
        }

        return [.. header.Select((name, i) => PairField.FromCell(name, i < fields.Count ? fields[i] : null))];
    }

    private static bool IsNumber(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
