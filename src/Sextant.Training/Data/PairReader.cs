using System.Text.Json.Nodes;
using Sextant.Sources;

namespace Sextant.Training.Data;

/// <summary>
/// Reads pairs, triplets and scored pairs from files of rows (<see cref="RowFile"/>). Fields are found by name (<see cref="PairColumns"/>);
/// tables without such a header are read by <see cref="PairTable"/>.
/// </summary>
internal static class PairReader
{
    /// <summary>Reads a file row by row. Quotes in a .tsv are characters like any other.</summary>
    /// <exception cref="InputException">The file is missing, damaged or of another kind, or a row is bad; the message names file and
    /// line.</exception>
    public static IEnumerable<PairRow> Read(string path)
    {
        PairTable table = new();
        foreach (FileRow row in RowFile.Read(path, quotedTabs: false))
        {
            if (Fields(row, table) is not { } fields)
            {
                continue;
            }

            foreach (PairRow pair in PairColumns.ToRows(fields, row.File, row.Line))
            {
                yield return pair;
            }
        }
    }

    private static IReadOnlyList<PairField>? Fields(FileRow row, PairTable table) =>
        row switch
        {
            { Cells: { } cells } => table.Fields(cells, row.Location),
            { Value: JsonArray values } => PairTable.Name([.. values.Select(static value => PairField.FromJson("", value))], row.Location),
            { Value: JsonObject fields } => [.. fields.Select(static field => PairField.FromJson(field.Key, field.Value))],
            _ => null,
        };
}
