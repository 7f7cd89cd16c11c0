using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Plotting;
using Sextant.Umap;

namespace Sextant.Cli.Commands.Plotting;

/// <summary><c>sextant plot</c>: texts on a plane, with similar texts close together.</summary>
internal static class PlotCommand
{
    private const int MostListed = 10;

    public static Command Create(Shell shell)
    {
        PlotSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, syntax.Read(parsed), shell, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, PlotRequest request, Shell shell, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        string? colorField = null;
        MapData data = await ProgressLine.RunAsync(
            shell,
            "reading",
            async progress =>
            {
                PlotPoints points = await ReadAsync(parsed, request, progress, cancellationToken);
                colorField = points.Label(request.Label, request.Source);
                progress.Report("laying out", 0, 100);
                Progress<double> layout = new(share => progress.Report("laying out", (long)(share * 100), 100));
                UmapOptions options = request.Layout with
                {
                    Neighbors = request.Neighbors ?? UmapOptions.ForRowCount(points.Count).Neighbors,
                };
                return points.LayOut(options, request.Source, layout, cancellationToken);
            }
        );
        Draw(shell, data, request, colorField);
        Report(shell, request.Output, data.Count, watch.Elapsed);
        return ExitCode.Done;
    }

    private static async Task<PlotPoints> ReadAsync(
        ParseResult parsed,
        PlotRequest request,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        string source = request.Source;
        bool isVectors = PlotPoints.IsVectors(source) && !ChosenModel.IsElsewhere(source);
        if (isVectors)
            return await PlotPoints.OfVectorsAsync(source, request.LabelsFile, request.TextField, cancellationToken);
        if (request.LabelsFile is { } labels)
            throw new InputException($"--labels {labels} needs a file of vectors (.npy, .fvecs); for texts, name a field with --label");
        return await ChosenModel.IsCollectionAsync(parsed, source, cancellationToken)
            ? await PlotPoints.OfCollectionAsync(source, parsed, progress, cancellationToken)
            : await PlotPoints.OfTextsAsync(source, request.TextField, parsed, progress, cancellationToken);
    }

    private static void Draw(Shell shell, MapData data, PlotRequest request, string? label)
    {
        PlotTheme theme = request.Dark ? PlotTheme.Dark : PlotTheme.Light;
        string title = request.Title ?? new ScatterPlotOptions().Title;
        ScatterPlotOptions plot = new()
        {
            Label = label,
            Title = title,
            Theme = theme,
            Palette = request.Palette,
            MaxCategories = request.Categories,
        };
        if (request.Extension == ".png")
            NoteMissing(shell, ScatterPlot.FindMissingCharacters(data, plot));
        AtomicFile.Write(
            request.Output,
            file =>
            {
                if (request.Extension == ".html")
                {
                    InteractiveMap.WriteHtml(
                        file,
                        data,
                        new()
                        {
                            Label = label,
                            Title = title,
                            Theme = request.Dark ? theme : null,
                            Palette = request.Palette,
                            MaxCategories = request.Categories,
                        }
                    );
                }
                else if (request.Extension == ".svg")
                {
                    file.Write(Encoding.UTF8.GetBytes(ScatterPlot.ToSvg(data, plot)));
                }
                else
                {
                    file.Write(ScatterPlot.ToPng(data, plot));
                }
            }
        );
    }

    private static void NoteMissing(Shell shell, IReadOnlyList<string> missing)
    {
        if (missing.Count == 0)
            return;
        string some = string.Join(' ', missing.Take(MostListed)) + (missing.Count > MostListed ? " …" : "");
        shell.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"note: no font here draws {missing.Count:N0} of the characters ({some}), which become an ellipsis; "
                    + $"install a font, or draw an .svg"
            )
        );
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
