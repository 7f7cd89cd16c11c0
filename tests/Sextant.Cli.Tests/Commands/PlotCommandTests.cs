using System.Text.Json;
using System.Xml.Linq;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class PlotCommandTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Theory]
    [InlineData("map.png", "\x89PNG")]
    [InlineData("map.svg", "<?xml")]
    [InlineData("map.html", "<!doctype html>")]
    public async Task Plot_format_follows_the_file_extension(string file, string begins)
    {
        CommandResult result = await _sextant.RunAsync("plot", Rows(), "-o", file, "--label", "topic", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement said = JsonDocument.Parse(Assert.Single(result.Lines)).RootElement;
        Assert.Equal((file, 12), (said.GetProperty("output").GetString(), said.GetProperty("points").GetInt32()));
        string content = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(_sextant.Folder, file)));
        Assert.StartsWith(begins, content, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_sextant.Folder, "*map*"));
    }

    [Fact]
    public async Task Lines_of_text_are_plotted_to_the_default_file()
    {
        _sextant.Write("words.txt", "dog\npuppy\ncat\nkitten\ncar\nautomobile\n");
        CommandResult result = await _sextant.RunAsync("plot", "words.txt");

        Assert.StartsWith("embeddings_viz.png: 6 points in ", Assert.Single(result.Lines), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_sextant.Folder, "embeddings_viz.png")));
    }

    [Fact]
    public async Task Collection_is_plotted_with_its_fields_and_reproducibly()
    {
        await _sextant.RunAsync("index", Rows(), "--to", "docs.sextant");
        string[] arguments = ["plot", "docs.sextant", "--label", "topic", "--title", "Two things", "-o"];
        await _sextant.RunAsync([.. arguments, "first.svg"]);
        await _sextant.RunAsync([.. arguments, "second.svg"]);

        Assert.Superset(new HashSet<string> { "Two things", "topic", "animals", "vehicles" }, Texts("first.svg").ToHashSet());
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(_sextant.Folder, "first.svg")),
            await File.ReadAllTextAsync(Path.Combine(_sextant.Folder, "second.svg"))
        );
    }

    [Fact]
    public async Task Vectors_are_plotted_with_labels_from_lines_or_rows()
    {
        await _sextant.RunAsync("embed", "--input", Rows(), "-o", "vectors.npy");
        _sextant.Write("labels.txt", string.Concat(Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? "even\n" : "odd\n")));
        CommandResult lines = await _sextant.RunAsync("plot", "vectors.npy", "--labels", "labels.txt", "-o", "lines.svg");
        CommandResult rows = await _sextant.RunAsync("plot", "vectors.npy", "--labels", "rows.jsonl", "--label", "topic", "-o", "rows.svg");

        Assert.True(lines.ExitCode == 0 && rows.ExitCode == 0, lines.Error + rows.Error);
        Assert.Superset(new HashSet<string> { "label", "even", "odd" }, Texts("lines.svg").ToHashSet());
        Assert.Superset(new HashSet<string> { "topic", "animals", "a dog barks" }, Texts("rows.svg").ToHashSet());
    }

    [Fact]
    public async Task Layout_options_change_the_plot()
    {
        string rows = Rows();
        string[][] options =
        [
            [],
            ["--metric", "euclidean"],
            ["--densmap"],
            ["--min-dist", "0.9"],
            ["--neighbors", "6"],
        ];
        List<string> plots = [];
        foreach (string[] option in options)
        {
            CommandResult result = await _sextant.RunAsync(["plot", rows, "-o", "map.svg", .. option]);
            Assert.True(result.ExitCode == 0, result.Error);
            plots.Add(await File.ReadAllTextAsync(Path.Combine(_sextant.Folder, "map.svg")));
        }

        // Vectors of length 1 have the same neighbors under cosine and Euclidean, but other weights.
        Assert.Equal(plots.Count, plots.Distinct().Count());
    }

    [Theory]
    [InlineData("unknown output format", "plot", "rows.jsonl", "-o", "map.pdf")]
    [InlineData("no field 'color' to color by; there are topic", "plot", "rows.jsonl", "--label", "color")]
    [InlineData("no field 'topc' to color by (did you mean 'topic'?); there are topic", "plot", "rows.jsonl", "--label", "topc")]
    [InlineData("3 labels for the 12 vectors", "plot", "vectors.npy", "--labels", "three.txt")]
    [InlineData("no such file", "plot", "missing.npy")]
    [InlineData("needs a text to compare with", "plot", "rows.jsonl", "--color-by", "score")]
    [InlineData("are for images", "plot", "rows.jsonl", "-o", "map.html", "--contours")]
    [InlineData("leave out --facet", "plot", "rows.jsonl", "--facet", "topic", "--compare", "sextant-small", "sextant-small")]
    [InlineData("no field 'tpic'", "plot", "rows.jsonl", "--facet", "tpic")]
    [InlineData("not a NumPy array", "plot", "broken.npy")]
    [InlineData("needs a file of vectors", "plot", "rows.jsonl", "--labels", "three.txt")]
    [InlineData("no texts to plot", "plot", "empty.txt")]
    public async Task Failed_plot_is_a_one_line_error_and_creates_no_file(string said, params string[] arguments)
    {
        Rows();
        _sextant.Write("three.txt", "a\nb\nc\n");
        _sextant.Write("broken.npy", "these are no vectors");
        _sextant.Write("empty.txt", "");
        if (arguments[1] == "vectors.npy")
            await _sextant.RunAsync("embed", "--input", "rows.jsonl", "-o", "vectors.npy");
        CommandResult result = await _sextant.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_sextant.Folder, "*.png"));
    }

    [Fact]
    public async Task Query_colors_points_by_their_similarity_with_a_color_bar()
    {
        CommandResult texts = await _sextant.RunAsync("plot", Rows(), "-o", "score.svg", "--color-by", "score", "--query", "a dog barks");
        await _sextant.RunAsync("index", "rows.jsonl", "--to", "docs.sextant");
        CommandResult collection = await _sextant.RunAsync("plot", "docs.sextant", "-o", "of.svg", "--query", "a dog barks");

        Assert.True(texts.ExitCode == 0 && collection.ExitCode == 0, texts.Error + collection.Error);
        Assert.Superset(new HashSet<string> { "score", "0.4", "1", "Similarity to “a dog barks”" }, Texts("score.svg").ToHashSet());
        Assert.Superset(new HashSet<string> { "score", "0.4", "1" }, Texts("of.svg").ToHashSet());
    }

    [Fact]
    public async Task Facets_have_a_plot_for_each_value()
    {
        CommandResult result = await _sextant.RunAsync("plot", Rows(), "-o", "facet.svg", "--facet", "topic", "--contours");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Superset(new HashSet<string> { "animals (6)", "vehicles (6)" }, Texts("facet.svg").ToHashSet());
    }

    [Fact]
    public async Task Compared_models_are_side_by_side_with_their_disparity()
    {
        string[] words = ["dog", "puppy", "cat", "kitten", "horse", "cow", "car", "truck", "bus", "bicycle"];
        _sextant.Write(
            "pairs.jsonl",
            string.Concat(words.Select((word, i) => $"{{\"anchor\":\"{word}\",\"positive\":\"{words[(i + 5) % 10]}\"}}\n"))
        );
        await _sextant.RunAsync("train", "pairs.jsonl", "-o", "tuned", "--epochs", "4", "--quiet");
        CommandResult same = await _sextant.RunAsync(
            "plot",
            Rows(),
            "-o",
            "same.svg",
            "--compare",
            "sextant-small",
            "sextant-small",
            "--json"
        );
        CommandResult other = await _sextant.RunAsync(
            "plot",
            "rows.jsonl",
            "-o",
            "other.svg",
            "--compare",
            "sextant-small",
            "./tuned",
            "--json"
        );

        Assert.True(same.ExitCode == 0 && other.ExitCode == 0, same.Error + other.Error);
        Assert.Equal(0, Disparity(same), 1e-4);
        Assert.InRange(Disparity(other), 1e-4, 1);
        Assert.Superset(new HashSet<string> { "sextant-small", "./tuned" }, Texts("other.svg").ToHashSet());

        static double Disparity(CommandResult result) =>
            JsonDocument.Parse(Assert.Single(result.Lines)).RootElement.GetProperty("disparity").GetDouble();
    }

    private IEnumerable<string> Texts(string file) =>
        XElement.Load(Path.Combine(_sextant.Folder, file)).Descendants(Svg + "text").Select(text => text.Value.Trim());

    private string Rows()
    {
        string[] animals = ["a dog barks", "a puppy plays", "a cat sleeps", "a kitten purrs", "a horse runs", "a cow grazes"];
        string[] vehicles = ["a car drives", "an automobile stops", "a truck loads", "a bus arrives", "a bicycle rolls", "a train leaves"];
        return _sextant.Write(
            "rows.jsonl",
            string.Concat(
                animals
                    .Select(text => (text, topic: "animals"))
                    .Concat(vehicles.Select(text => (text, topic: "vehicles")))
                    .Select(row => JsonSerializer.Serialize(new { row.text, row.topic }) + "\n")
            )
        );
    }
}
