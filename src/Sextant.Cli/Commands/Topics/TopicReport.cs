using System.Globalization;
using System.Text.Json;
using Sextant.Cli.Commands.Plotting;
using Sextant.Cli.Terminal;
using Sextant.Umap.Topics;

namespace Sextant.Cli.Commands.Topics;

/// <summary>The topics: for a person name, size and examples, for a program one object each.</summary>
internal sealed class TopicReport(IReadOnlyList<PlotPoint> points, TopicOverview overview, bool byTitle)
{
    private const int TitleWidth = 60;
    private const int TextWidth = 100;
    private const int Indent = 4;

    private static readonly string[] TitleFields = ["title", "name", "subject", "heading", "question"];

    /// <summary>The name of a topic.</summary>
    public string Name(int topic) => byTitle ? Title(topic) : overview.Topics[topic].Name;

    public void Write(Shell shell)
    {
        foreach (Topic topic in overview.Topics)
        {
            if (shell.Json)
                shell.Out.WriteJson(json => Write(json, topic));
            else
                Write(shell.Out, topic);
        }

        shell.Out.Flush();
        string texts = string.Create(CultureInfo.InvariantCulture, $"{points.Count:N0} texts"),
            outside = string.Create(CultureInfo.InvariantCulture, $"{overview.Noise:N0} outside of all topics");
        shell.Note(
            overview.Topics.Count == 0
                ? $"no topics in {texts}; try a smaller --min-size"
                : string.Create(CultureInfo.InvariantCulture, $"{overview.Topics.Count:N0} topics of {texts}, {outside}")
        );
    }

    /// <summary>Writes each text with its topic, one JSON object a line.</summary>
    public void WriteRows(string path) =>
        AtomicFile.Write(
            path,
            file =>
            {
                for (int i = 0; i < points.Count; i++)
                {
                    int row = i,
                        label = overview.Labels[i];
                    JsonLine.Write(
                        file,
                        json =>
                        {
                            if (points[row].Id is { } id)
                                json.WriteString("id", id);
                            json.WriteString("text", points[row].Text);
                            json.WriteNumber("topic", label);
                            if (label >= 0)
                                json.WriteString("name", Name(label));
                            json.WriteNumber("probability", Math.Round(overview.Probabilities[row], 4));
                        }
                    );
                }
            }
        );

    private void Write(Output output, Topic topic)
    {
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{topic.Number + 1, 2}. {Name(topic.Number)}  ({topic.Size:N0} texts)")
        );
        foreach (int row in topic.Representatives)
            output.WriteLine(new string(' ', Indent) + Snippet.Shorten(points[row].Text!, (output.Width ?? TextWidth + Indent) - Indent));
    }

    private void Write(Utf8JsonWriter json, Topic topic)
    {
        json.WriteNumber("topic", topic.Number);
        json.WriteString("name", Name(topic.Number));
        json.WriteNumber("size", topic.Size);
        json.WriteNumber("share", Math.Round((double)topic.Size / points.Count, 4));
        json.WriteStartArray("phrases");
        foreach (string phrase in topic.Phrases)
            json.WriteStringValue(phrase);
        json.WriteEndArray();
        json.WriteString("title", Title(topic.Number));
        json.WriteStartArray("examples");
        foreach (int row in topic.Representatives)
        {
            json.WriteStartObject();
            if (points[row].Id is { } id)
                json.WriteString("id", id);
            json.WriteString("text", points[row].Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The title of the text nearest to the center, or how it begins.</summary>
    private string Title(int topic)
    {
        PlotPoint nearest = points[overview.Topics[topic].Representatives[0]];
        string? field = TitleFields.FirstOrDefault(name => nearest.Metadata?[name]?.GetValueKind() == JsonValueKind.String);
        return Snippet.Shorten(field is null ? nearest.Text! : nearest.Metadata![field]!.GetValue<string>(), TitleWidth);
    }
}
