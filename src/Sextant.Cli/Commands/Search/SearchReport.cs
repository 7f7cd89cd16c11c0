using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Cli.Terminal;
using Sextant.Search.Facets;

namespace Sextant.Cli.Commands.Search;

/// <summary>Search results: for a person rank, score and text, and below them what else is known; for a program one object.</summary>
internal static class SearchReport
{
    private const int TextWidth = 160;
    private const int ValueWidth = 60;
    private const int DetailIndent = 13;
    private const string Separator = " · ";

    public static void Write(Shell shell, IReadOnlyList<SearchResult> results, IReadOnlyList<Facet> facets, SearchOptions options)
    {
        if (results.Count == 0)
            shell.Note("no results");
        for (int i = 0; i < results.Count; i++)
        {
            SearchResult result = results[i];
            if (options.GroupBy is { } field && (i == 0 || result.Group != results[i - 1].Group))
                shell.Out.WriteLine($"{field}: {Snippet.Shorten(JsonLine.Show(result.Group?.ToJson()), TextWidth)}");
            // A cosine by the collection's own model goes without saying.
            string kind = IsPlain(result, options) ? "" : $" {Name(result.ScoreKind)}";
            WriteText(
                shell.Out,
                $"{result.Rank.ToString(CultureInfo.InvariantCulture), 2}. {Number(result.Score), 6}{kind}  ",
                result.Text
            );
            WriteDetails(shell.Out, result.Metadata.Select(Describe).Prepend(result.Id));
            if (result.Stages is { } stages)
                WriteDetails(shell.Out, Stages(stages).Select(Describe));
        }
        FacetReport.Write(shell.Out, facets);
        if (options.Reranker is { } reranker && results.Count > 0)
            shell.Note($"ordered by {reranker.Profile.Name}; its scores are {Plural(reranker.Profile.ScoreKind)}");
    }

    public static void WriteJson(
        Output output,
        string query,
        IReadOnlyList<SearchResult> results,
        IReadOnlyList<Facet> facets,
        SearchOptions options,
        TimeSpan took
    ) =>
        output.WriteJson(json =>
        {
            json.WriteString("query", query);
            json.WriteNumber("took_ms", Math.Round(took.TotalMilliseconds, 3));
            if (results.Count > 0 && !IsPlain(results[0], options))
                json.WriteString("score_kind", results[0].ScoreKind.ToString().ToLowerInvariant());
            if (options.Reranker is { } reranker)
                json.WriteString("rerank", reranker.Profile.Name);
            json.WriteStartArray("results");
            foreach (SearchResult result in results)
            {
                json.WriteStartObject();
                json.WriteNumber("rank", result.Rank);
                json.WriteString("id", result.Id);
                json.WriteNumber("score", result.Score);
                json.WriteString("text", result.Text);
                json.WritePropertyName("metadata");
                result.Metadata.WriteTo(json);
                if (result.Group is { } group)
                {
                    json.WritePropertyName("group");
                    group.ToJson().WriteTo(json);
                }
                if (result.Stages is { } stages)
                    WriteStages(json, stages);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            FacetReport.WriteJson(json, facets);
        });

    // The text begins after its rank and score, and fills at least one line of a terminal.
    private static void WriteText(Output output, string start, string text)
    {
        if (output.Width is not { } width)
        {
            output.WriteLine(start + Snippet.Shorten(text, TextWidth));
            return;
        }
        IReadOnlyList<string> lines = TextWrap.Split(
            new string(' ', start.Length) + Snippet.Shorten(text, Math.Max(TextWidth, width - start.Length)),
            width,
            start.Length,
            breakWords: true
        );
        output.WriteLine(start + lines[0][start.Length..]);
        foreach (string line in lines.Skip(1))
            output.WriteLine(line);
    }

    // A terminal gets as many details on a line as fit.
    private static void WriteDetails(Output output, IEnumerable<string> details)
    {
        string line = "";
        foreach (string detail in details)
        {
            bool isFirst = line.Length == 0;
            if (!isFirst && output.Width is { } width && DetailIndent + TextWrap.Columns(line + Separator + detail) > width)
            {
                Write(line);
                (line, isFirst) = ("", true);
            }
            line += isFirst ? detail : Separator + detail;
        }
        Write(line);

        void Write(string text) => output.WriteLine(new string(' ', DetailIndent) + text);
    }

    private static void WriteStages(Utf8JsonWriter json, SearchStages stages)
    {
        json.WriteStartObject("stages");
        foreach ((string name, SearchStage stage) in Stages(stages))
        {
            json.WriteStartObject(name);
            json.WriteNumber("score", stage.Score);
            if (stage.Rank is { } rank)
                json.WriteNumber("rank", rank);
            else
                json.WriteNull("rank");
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static IEnumerable<(string Name, SearchStage Stage)> Stages(SearchStages stages)
    {
        if (stages.Semantic is { } semantic)
            yield return ("semantic", semantic);
        if (stages.Keyword is { } keyword)
            yield return ("keyword", keyword);
        if (stages.Fused is { } fused)
            yield return ("fused", fused);
        if (stages.Rerank is { } rerank)
            yield return ("rerank", rerank);
    }

    private static bool IsPlain(SearchResult result, SearchOptions options) =>
        result.ScoreKind == ScoreKind.Cosine && options.Reranker is null;

    private static string Name(ScoreKind kind) => kind == ScoreKind.Bm25 ? "BM25" : kind.ToString().ToLowerInvariant();

    private static string Plural(ScoreKind kind) =>
        kind switch
        {
            ScoreKind.Cosine => "cosine similarities",
            ScoreKind.Probability => "probabilities",
            ScoreKind.Logit => "logits",
            _ => "relevance scores from the service",
        };

    // BM25 of a word that most texts hold is next to nothing, but not nothing.
    private static string Number(float score) => score is > 0 and < 0.0005f ? "<0.001" : score.ToString("F3", CultureInfo.InvariantCulture);

    private static string Describe((string Name, SearchStage Stage) one) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Name} "
                + $"{(one.Name == "fused" ? one.Stage.Score.ToString("F4", CultureInfo.InvariantCulture) : Number(one.Stage.Score))}"
                + $"{(one.Stage.Rank is { } rank ? $" (rank {rank})" : "")}"
        );

    private static string Describe(KeyValuePair<string, JsonNode?> entry) =>
        $"{entry.Key}: {Snippet.Shorten(JsonLine.Show(entry.Value), ValueWidth)}";
}
