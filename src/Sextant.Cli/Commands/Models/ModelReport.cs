using System.Globalization;
using Sextant.Cli.Terminal;
using Sextant.Models.Catalog;

namespace Sextant.Cli.Commands.Models;

/// <summary>A model of the catalog as a row, as JSON, or as a page. Unknown values are left blank.</summary>
internal static class ModelReport
{
    public static string[] Row(CatalogEntry entry, bool here) =>
        [
            entry.Name,
            entry.Dimensions == 0 ? "" : Text($"{entry.Dimensions}"),
            Score(entry, CatalogScore.EnglishV2),
            Score(entry, CatalogScore.EnglishV1),
            entry.Price is { } price ? Text($"{price.UsdPerMillionTokens:0.00##}") : "",
            entry.MaxTokens is { } tokens ? Text($"{tokens}") : "",
            entry.Pooling ?? "",
            Lengths(entry),
            entry.License ?? "",
            here ? "yes" : "",
        ];

    public static void WriteJson(Output output, CatalogEntry entry, string? place) =>
        output.WriteJson(json =>
        {
            json.WriteString("name", entry.Name);
            json.WriteStartArray("aliases");
            foreach (string alias in entry.Aliases)
                json.WriteStringValue(alias);
            json.WriteEndArray();
            if (entry.Dimensions > 0)
                json.WriteNumber("dimensions", entry.Dimensions);
            else
                json.WriteNull("dimensions");
            json.WriteStartArray("matryoshka");
            foreach (int length in entry.MatryoshkaDimensions)
                json.WriteNumberValue(length);
            json.WriteEndArray();
            json.WriteStartObject("mteb");
            foreach (CatalogScore score in entry.Scores)
                json.WriteNumber(score.Benchmark, score.Average);
            json.WriteEndObject();
            if (entry.Price is { } price)
                json.WriteNumber("usd_per_million_tokens", price.UsdPerMillionTokens);
            else
                json.WriteNull("usd_per_million_tokens");
            json.WriteString("price_as_of", entry.Price is { } dated ? Text($"{dated.AsOf:yyyy-MM-dd}") : null);
            if (entry.MaxTokens is { } tokens)
                json.WriteNumber("max_tokens", tokens);
            else
                json.WriteNull("max_tokens");
            json.WriteString("pooling", entry.Pooling);
            if (entry.Normalized is { } normalized)
                json.WriteBoolean("normalized", normalized);
            else
                json.WriteNull("normalized");
            json.WriteString("query_prompt", entry.QueryPrompt);
            json.WriteString("document_prompt", entry.DocumentPrompt);
            json.WriteString("license", entry.License);
            json.WriteString("nuget", entry.NuGetPackage);
            json.WriteString("path", place);
        });

    public static void WriteText(Output output, CatalogEntry entry, string? place)
    {
        void Line(string what, string value)
        {
            if (value.Length > 0)
                output.WriteWrapped($"{what, -16}{value}", indent: 16);
        }

        Line("name", entry.Name);
        Line("also called", string.Join(", ", entry.Aliases));
        Line("dimensions", Text($"{entry.Dimensions}"));
        Line("matryoshka", string.Join(", ", entry.MatryoshkaDimensions));
        Line("context", entry.MaxTokens is { } tokens ? Text($"{tokens:N0} tokens") : "");
        Line("pooling", entry.Pooling ?? "");
        Line(
            "normalized",
            entry.Normalized switch
            {
                true => "yes",
                false => "no",
                null => "",
            }
        );
        Line("query prompt", Quoted(entry.QueryPrompt));
        Line("document prompt", Quoted(entry.DocumentPrompt));
        foreach (CatalogScore score in entry.Scores)
            Line(score.Benchmark, Text($"{score.Average:0.00} (published, as of {score.AsOf:yyyy-MM-dd})"));
        Line(
            "price",
            entry.Price is { } price ? Text($"${price.UsdPerMillionTokens:0.00##} per million tokens (as of {price.AsOf:yyyy-MM-dd})") : ""
        );
        Line("license", entry.License ?? "");
        Line("NuGet package", entry.NuGetPackage ?? "");
        Line("on this machine", place ?? (entry.Pooling == "hosted" ? "" : "no"));
    }

    private static string Score(CatalogEntry entry, string benchmark) => entry.ScoreOn(benchmark) is { } score ? Text($"{score:0.0}") : "";

    private static string Lengths(CatalogEntry entry) =>
        entry.MatryoshkaDimensions is [var longest, .., var shortest] ? Text($"{shortest}-{longest}") : "";

    private static string Quoted(string prompt) => prompt.Length == 0 ? "" : $"\"{prompt.Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
