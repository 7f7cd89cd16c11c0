using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Plotting;
using Sextant.Umap;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant plot</c>: texts on a plane, near in meaning near each other.</summary>
internal static class PlotCommand
{
    public static Command Create(Shell shell)
    {
        var source = new Argument<string>("SOURCE-OR-COLLECTION") { Description = "A file (.txt is one text a line), a folder, a collection, or vectors (.npy, .fvecs)" };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Where to draw: .png, .svg, or .html for a page to move about in",
            HelpName = "FILE",
            DefaultValueFactory = _ => ScatterPlot.DefaultFileName,
        };
        Option<string?> text = SourceFields.Text();
        var label = new Option<string?>("--label") { Description = "The field that gives the points their colours", HelpName = "FIELD" };
        var labels = new Option<string?>("--labels")
        {
            Description = "What the vectors of a .npy file stand for: a label a line (.txt), or rows with a text and fields",
            HelpName = "FILE",
        };
        var title = new Option<string?>("--title") { Description = "What stands above the plot", HelpName = "TITLE" };
        var dark = new Option<bool>("--dark") { Description = "Light on dark" };
        Option<int?> neighbors = NumberOption.Whole(
            "--neighbors", "UMAP's n_neighbors: more shows the whole, fewer the detail [default: 15, and of small sets a third]", 2);
        Option<float?> minDist = NumberOption.Between("--min-dist", "UMAP's min_dist: how close points may lie [default: 0.1]", 0, 1);
        Option<int> seed = NumberOption.Whole("--seed", "The same seed draws the same picture", 0, (int)new UmapOptions().Seed);
        var command = new Verb("plot", "Draw texts on a plane by meaning (UMAP): PNG, SVG, or an interactive HTML page.")
        {
            Arguments = { source },
            Options = { output, text, label, labels, title, dark, neighbors, minDist, seed },
            Examples =
            [
                ("sextant plot examples/faq.jsonl -o faq.png --label topic", "draws a picture, coloured by topic"),
                ("sextant plot examples/almanac.jsonl -o almanac.html --label topic", "writes a page to search and explore, which needs no network"),
                ("sextant plot docs.sextant -o docs.svg --dark", "draws a collection"),
                ("sextant plot vectors.npy --labels labels.txt -o vectors.png", "draws vectors that another program made"),
            ],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Stopwatch watch = Stopwatch.StartNew();
            string path = parsed.GetRequiredValue(output);
            string extension = RequireExtension(path);
            UmapOptions options = new()
            {
                MinDist = parsed.GetValue(minDist) ?? new UmapOptions().MinDist,
                Seed = (ulong)parsed.GetValue(seed),
            };
            string from = parsed.GetRequiredValue(source);
            string? colour = null;
            MapData data = await ProgressLine.RunAsync(shell, "reading", async progress =>
            {
                PlotPoints points = await ReadAsync(parsed, from, parsed.GetValue(text), parsed.GetValue(labels), progress, cancellationToken);
                colour = points.Label(parsed.GetValue(label), from);
                progress.Report("laying out", 0, 100);
                Progress<double> layout = new(share => progress.Report("laying out", (long)(share * 100), 100));
                return points.LayOut(options with { Neighbors = parsed.GetValue(neighbors) ?? UmapOptions.For(points.Count).Neighbors }, from, layout, cancellationToken);
            });
            Draw(data, path, extension, colour, parsed.GetValue(title), parsed.GetValue(dark));
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

    private static async Task<PlotPoints> ReadAsync(
        ParseResult parsed, string source, string? textField, string? labels, ProgressLine progress, CancellationToken cancellationToken)
    {
        bool isVectors = PlotPoints.IsVectors(source) && !ChosenModel.IsElsewhere(source);
        if (isVectors) return await PlotPoints.OfVectorsAsync(source, labels, textField, cancellationToken);
        if (labels is not null)
            throw new InputException($"--labels {labels}: goes with a file of vectors (.npy, .fvecs); the fields of texts are chosen with --label");
        return await ChosenModel.IsCollectionAsync(parsed, source, cancellationToken)
            ? await PlotPoints.OfCollectionAsync(source, parsed, progress, cancellationToken)
            : await PlotPoints.OfTextsAsync(source, textField, parsed, progress, cancellationToken);
    }

    private static void Draw(MapData data, string path, string extension, string? label, string? title, bool dark)
    {
        PlotTheme theme = dark ? PlotTheme.Dark : PlotTheme.Light;
        string above = title ?? new ScatterPlotOptions().Title;
        ScatterPlotOptions plot = new() { Label = label, Title = above, Theme = theme };
        AtomicFile.Write(path, file =>
        {
            if (extension == ".html") InteractiveMap.WriteHtml(file, data, new() { Label = label, Title = above, Theme = dark ? theme : null });
            else if (extension == ".svg") file.Write(Encoding.UTF8.GetBytes(ScatterPlot.ToSvg(data, plot)));
            else file.Write(ScatterPlot.ToPng(data, plot));
        });
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
}
