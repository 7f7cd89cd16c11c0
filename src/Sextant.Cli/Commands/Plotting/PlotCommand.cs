using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
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
                PlotPoints points = await PlotPoints.ReadAsync(
                    parsed,
                    request.Source,
                    request.TextField,
                    request.LabelsFile,
                    progress,
                    cancellationToken
                );
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
        Report(shell, request.Output.Path, data.Count, watch.Elapsed);
        return ExitCode.Done;
    }

    private static void Draw(Shell shell, MapData data, PlotRequest request, string? label)
    {
        ScatterPlotOptions plot = new()
        {
            Label = label,
            Title = request.Title ?? new ScatterPlotOptions().Title,
            Theme = request.Dark ? PlotTheme.Dark : PlotTheme.Light,
            Palette = request.Palette,
            MaxCategories = request.Categories,
        };
        if (request.Output.IsPixels)
            NoteMissing(shell, ScatterPlot.FindMissingCharacters(data, plot));
        request.Output.Write(data, plot);
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
