using Sextant;

namespace WebSearch;

/// <summary>A result as the page shows it: the first line of the document is its title.</summary>
internal sealed record Hit(string Id, float Score, string Title, string Text, string? Topic)
{
    public static Hit From(SearchResult result)
    {
        string[] parts = result.Text.Split('\n', 2);
        return new(result.Id, MathF.Round(result.Score, 3), parts[0], parts[^1], (string?)result.Metadata["topic"]);
    }
}
