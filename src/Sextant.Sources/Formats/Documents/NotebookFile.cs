using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Sources.Formats.Pages;

namespace Sextant.Sources.Formats.Documents;

/// <summary>Jupyter notebooks (.ipynb, nbformat 4): Markdown cells verbatim, code cells as fenced blocks, without outputs.</summary>
internal static class NotebookFile
{
    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope) =>
        Markdown(stream, scope) is { } text ? MarkdownPage.Sections(text, scope) : [];

    private static string? Markdown(Stream stream, SourceScope scope)
    {
        try
        {
            JsonNode? notebook = JsonNode.Parse(stream);
            if (notebook?["cells"] is not JsonArray cells)
            {
                scope.Bad(1, "the file has no cells; save it as a notebook of format 4");
                return null;
            }

            string language = notebook["metadata"]?["language_info"]?["name"]?.ToString() ?? notebook["metadata"]?["kernelspec"]?["language"]?.ToString() ?? "";
            StringBuilder text = new();
            foreach (JsonNode? cell in cells)
            {
                string source = cell?["source"] is JsonArray lines ? string.Concat(lines.Select(static line => line?.ToString())) : cell?["source"]?.ToString() ?? "";
                if (string.IsNullOrWhiteSpace(source)) continue;
                if (cell?["cell_type"]?.ToString() == "code") text.Append(FenceOf(source)).Append(language).Append('\n').Append(source).Append('\n').Append(FenceOf(source)).Append("\n\n");
                else text.Append(source).Append("\n\n");
            }

            return text.ToString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            scope.Bad(1, $"the notebook is not JSON ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}); save it again", e);
            return null;
        }
    }

    // Code that holds a fence itself needs a longer one around it.
    private static string FenceOf(string source)
    {
        string fence = "```";
        while (source.Contains(fence, StringComparison.Ordinal)) fence += '`';
        return fence;
    }
}
