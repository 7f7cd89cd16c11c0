using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sextant.Text.Formats;

/// <summary>The type of a cell of a table, which has none of its own.</summary>
internal static partial class CellValue
{
    /// <summary>
    /// <c>true</c> and <c>false</c> are booleans, what JSON writes as a number is one as it stands, all else is text. So a postal
    /// code "00123", a phone number "+49 …" and a number of more digits than a double holds stay as they are, and dates stay
    /// in the form that they have. Within quotes everything is text. An empty cell is <see langword="null"/>.
    /// </summary>
    public static JsonNode? Of(DelimitedField cell)
    {
        if (cell.Text.Length == 0) return null;
        if (cell.Quoted) return cell.Text;
        return cell.Text switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => Number().IsMatch(cell.Text) ? JsonNode.Parse(cell.Text)! : cell.Text,
        };
    }

    [GeneratedRegex(@"\A-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
