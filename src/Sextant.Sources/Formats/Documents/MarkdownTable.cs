using System.Text;

namespace Sextant.Sources.Formats.Documents;

/// <summary>Writes rows as a Markdown table, whose header the chunker repeats in every part.</summary>
internal static class MarkdownTable
{
    /// <summary>The table, or "" where no cell has text. The first row is the header.</summary>
    public static string Render(IEnumerable<IEnumerable<string>> rows)
    {
        StringBuilder table = new();
        foreach (IEnumerable<string> row in rows)
        {
            string[] cells =
            [
                .. row.Select(static cell => cell.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Trim()),
            ];
            if (cells.All(static cell => cell.Length == 0))
                continue;
            bool isHeader = table.Length == 0;
            table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
            if (isHeader)
                table.Append("| ").AppendJoin(" | ", cells.Select(static _ => "---")).Append(" |\n");
        }

        return table.ToString();
    }
}
