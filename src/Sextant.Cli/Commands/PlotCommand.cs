using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Plotting;
using Sextant.Projection;
using Sextant.Text;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant plot</c>: texts on a plane, near in meaning near each other.</summary>
internal static class PlotCommand
{
    private const int BatchSize = 1024;

    public static Command Create(Shell shell)
    {
        var source = new Argument<string>("SOURCE-OR-COLLECTION") { Description = "A file (.txt is one text a line), a folder, or a collection" };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Where to draw: .png, .svg, or .html for a page to move about in",
            HelpName = "FILE",
            DefaultValueFactory = _ => ScatterPlot.DefaultFileName,
        };
        Option<string?> text = SourceFields.Text();
        var label = new Option<string?>("--label") { Description = "The field that gives the points their colours", HelpName = "FIELD" };
        var title = new Option<string?>("--title") { Description = "What stands above the plot", HelpName = "TITLE" };
        var dark = new Option<bool>("--dark") { Description = "Light on dark" };
        Option<int> neighbors = NumberOption.Whole("--neighbors", "UMAP's n_neighbors: more shows the whole, fewer the detail", 2, new UmapOptions().Neighbors);
        Option<float?> minDist = NumberOption.Between("--min-dist", "UMAP's min_dist: how close points may lie [default: 0.1]", 0, 1);
        Option<int> seed = NumberOption.Whole("--seed", "The same seed draws the same picture", 0, (int)new UmapOptions().Seed);
        var command = new Verb("plot", "Draw texts on a plane by meaning (UMAP): PNG, SVG, or an interactive HTML page.")
        {
            Arguments = { source },
            Options = { output, text, label, title, dark, neighbors, minDist, seed },
            Examples =
            [
                ("sextant plot examples/faq.jsonl -o faq.png --label topic", "draws a picture, coloured by topic"),
                ("sextant plot examples/almanac.jsonl -o almanac.html --label topic", "writes a page to search and explore, which needs no network"),
                ("sextant plot docs.sextant -o docs.svg --dark", "draws a collection"),
            ],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Stopwatch watch = Stopwatch.StartNew();
            string path = parsed.GetRequiredValue(output);
            string extension = RequireExtension(path);
            UmapOptions options = new()
            {
                Neighbors = parsed.GetValue(neighbors),
                MinDist = parsed.GetValue(minDist) ?? new UmapOptions().MinDist,
                Seed = (ulong)parsed.GetValue(seed),
            };
            MapData data = await ProgressLine.RunAsync(shell, "reading", async progress =>
            {
                Points points = await ReadAsync(parsed, parsed.GetRequiredValue(source), parsed.GetValue(text), progress, cancellationToken);
                if (points.Texts.Count == 0) throw new InputException($"{parsed.GetRequiredValue(source)}: there is no text to draw");
                points.RequireField(parsed.GetValue(label), parsed.GetRequiredValue(source));
                progress.Report("laying out", 0, 100);
                Progress<double> layout = new(share => progress.Report("laying out", (long)(share * 100), 100));
                UmapModel map = UmapModel.Fit(points.Rows(), points.Dimensions, options, layout, cancellationToken);
                return new MapData(map.Embedding, points.Texts, points.Fields());
            });
            Draw(data, path, extension, parsed.GetValue(label), parsed.GetValue(title), parsed.GetValue(dark));
            Report(shell, path, data.Count, watch.Elapsed);
            return ExitCode.Done;
        });
        return command;
    }

    private static string RequireExtension(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        return extension is ".png" or ".svg" or ".html" ? extension
            : throw new InputException($"{path}: cannot tell what to draw; end the name in .png, .svg or .html");
    }

    private static async Task<Points> ReadAsync(
        ParseResult parsed, string source, string? textField, ProgressLine progress, CancellationToken cancellationToken)
    {
        Points points = new();
        if (await ChosenModel.IsCollectionAsync(parsed, source, cancellationToken))
        {
            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
                source, ChosenModel.Engine(parsed, createIfMissing: false), cancellationToken);
            await foreach (Document document in engine.ListAsync(cancellationToken))
            {
                points.Add(document.Text, document.Metadata, document.Vector!.Value);
                progress.Report("reading", points.Texts.Count, total: null);
            }

            return points;
        }

        using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.OpenAsync(parsed, Overflow.Chunk, cancellationToken);
        SourceReader reader = new(new SourceReaderOptions { TextField = textField, PlainText = PlainTextUnit.Line });
        await foreach (SourceDocument[] batch in reader.ReadAsync([source], cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(
                [.. batch.Select(document => document.Text)], cancellationToken: cancellationToken);
            for (int i = 0; i < batch.Length; i++) points.Add(batch[i].Text, batch[i].Metadata, vectors[i].Vector);
            progress.Report("embedding", points.Texts.Count, total: null);
        }

        return points;
    }

    private static void Draw(MapData data, string path, string extension, string? label, string? title, bool dark)
    {
        PlotTheme theme = dark ? PlotTheme.Dark : PlotTheme.Light;
        string above = title ?? new ScatterPlotOptions().Title;
        ScatterPlotOptions plot = new() { Label = label, Title = above, Theme = theme };
        // Drawn whole before the file is touched, and given its name when it is complete.
        using MemoryStream drawn = new();
        if (extension == ".html") InteractiveMap.WriteHtml(drawn, data, new() { Label = label, Title = above, Theme = dark ? theme : null });
        else if (extension == ".svg") drawn.Write(Encoding.UTF8.GetBytes(ScatterPlot.ToSvg(data, plot)));
        else drawn.Write(ScatterPlot.ToPng(data, plot));
        string full = Path.GetFullPath(path), temporary = full + $".{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (FileStream stream = new(temporary, FileMode.CreateNew)) drawn.WriteTo(stream);
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void Report(Shell shell, string path, int points, TimeSpan took)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("output", path);
                json.WriteNumber("points", points);
                json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
            });
        }
        else
        {
            shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {points:N0} points in {took.TotalSeconds:F1} s"));
        }
    }

    /// <summary>What is drawn: texts, their vectors one after the other, and the fields that any of them has.</summary>
    private sealed class Points
    {
        private readonly List<float> _rows = [];
        private readonly List<JsonObject?> _metadata = [];

        public List<string> Texts { get; } = [];

        public int Dimensions { get; private set; }

        public void Add(string text, JsonObject? metadata, ReadOnlyMemory<float> vector)
        {
            Dimensions = vector.Length;
            Texts.Add(text);
            _metadata.Add(metadata);
            _rows.AddRange(vector.Span);
        }

        public float[] Rows() => [.. _rows];

        public void RequireField(string? name, string source)
        {
            if (name is null || _metadata.Exists(metadata => metadata?.ContainsKey(name) == true)) return;
            string[] known = [.. Names()];
            throw new InputException(
                $"{source}: no field '{name}' to colour by; there {(known.Length == 0 ? "are none" : $"are {string.Join(", ", known)}")}");
        }

        public List<MapField> Fields() =>
            [.. Names().Select(name => new MapField(name, [.. _metadata.Select(metadata => Show(metadata?[name]))]))];

        private IEnumerable<string> Names() => _metadata.SelectMany(metadata => metadata?.Select(pair => pair.Key) ?? []).Distinct();

        private static string? Show(JsonNode? value) =>
            value is null ? null : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
    }
}
