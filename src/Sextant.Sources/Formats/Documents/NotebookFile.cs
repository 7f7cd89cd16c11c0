using System.Text;
using System.Text.Json.Nodes;
using Sextant.Sources.Formats.Pages;
using Sextant.Sources.Formats.Rows;

namespace Sextant.Sources.Formats.Documents;

/// <summary>Jupyter notebooks (.ipynb, nbformat 4): Markdown cells verbatim, code cells as fenced blocks, without outputs.</summary>
internal static class NotebookFile
{
    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope) =>
        Markdown(stream, scope) is { } text ? MarkdownPage.Sections(text, scope) : [];

    private static string? Markdown(Stream stream, SourceScope scope)
    {
        JsonText json = JsonText.ParseNotebook(stream);
        if (json.Fault is { } fault)
        {
            scope.Bad(json.Line, fault, json.Cause);
            return null;
        }

        try
        {
            if (json.Value is not JsonObject notebook || notebook["cells"] is not JsonArray cells)
            {
                scope.Bad(1, "the file has no cells; save it as a notebook of format 4");
                return null;
            }

            string language =
                notebook["metadata"]?["language_info"]?["name"]?.ToString()
                ?? notebook["metadata"]?["kernelspec"]?["language"]?.ToString()
                ?? "";
            StringBuilder text = new();
            foreach (JsonNode? cell in cells)
            {
                string source = cell?["source"] is JsonArray lines
                    ? string.Concat(lines.Select(static line => line?.ToString()))
                    : cell?["source"]?.ToString() ?? "";
                if (string.IsNullOrWhiteSpace(source))
                    continue;
                if (cell?["cell_type"]?.ToString() == "code")
                {
                    string fence = FenceOf(source);
                    source = $"{fence}{language}\n{source}\n{fence}";
                }

                text.Append(source).Append("\n\n");
            }

            return text.ToString();
        }
        catch (InvalidOperationException e)
        {
            scope.Bad(1, $"the notebook cannot be read ({SourceScope.Reason(e)}); save it again", e);
            return null;
        }
    }

    // Code that holds a fence itself needs a longer one around it.
    private static string FenceOf(string source)
    {
        string fence = "```";
        while (source.Contains(fence, StringComparison.Ordinal))
            fence += '`';
        return fence;
    }
}
