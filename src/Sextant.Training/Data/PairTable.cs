using System.Globalization;

namespace Sextant.Training.Data;

/// <summary>
/// Tables of pairs with a header, or without one: then the first column is the anchor, the second the positive, and what follows is a
/// score where it is a number and otherwise negatives.
/// </summary>
internal sealed class PairTable
{
    private const string NameColumns = "add a header row";

    private IReadOnlyList<string>? _header;
    private bool _isStarted;

    /// <summary>The fields of the next row; <see langword="null"/> for the header.</summary>
    public IReadOnlyList<PairField>? Fields(IReadOnlyList<string> cells, string place)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            if (PairColumns.IsHeader(cells))
            {
                _header = cells;
                return null;
            }

            if (PairColumns.IsBrokenHeader(cells))
            {
                throw new InputException(
                    $"{place}: the header names only one text of a pair ({string.Join(", ", cells)}); name both 'anchor' and 'positive'"
                );
            }
        }

        return _header is null ? Name([.. cells.Select(static cell => PairField.FromCell("", cell))], place) : Name(_header, cells, place);
    }

    /// <summary>Names the values of a row without names, by their order.</summary>
    public static PairField[] Name(IReadOnlyList<PairField> values, string place)
    {
        bool scored = values.Count > 2 && values[2] is { IsList: false, Texts: [string third] } && IsNumber(third);
        if (scored && values.Skip(3).Any(static value => value.Texts is not []))
        {
            throw new InputException($"{place}: {values.Count} columns without a header, and the third is a number; {NameColumns}");
        }

        return
        [
            .. values.Select(
                (value, i) =>
                    value with
                    {
                        Name = i switch
                        {
                            0 => "anchor",
                            1 => "positive",
                            2 when scored => "score",
                            _ => string.Create(CultureInfo.InvariantCulture, $"negative_{i - 1}"),
                        },
                    }
            ),
        ];
    }

    private static PairField[] Name(IReadOnlyList<string> header, IReadOnlyList<string> fields, string place)
    {
        for (int i = header.Count; i < fields.Count; i++)
        {
            if (!string.IsNullOrWhiteSpace(fields[i]))
            {
                throw new InputException(
                    $"{place}: the row has {fields.Count} fields, and the header has {header.Count}; quote fields that contain the "
                        + $"separator"
                );
            }
        }

        return [.. header.Select((name, i) => PairField.FromCell(name, i < fields.Count ? fields[i] : null))];
    }

    private static bool IsNumber(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
