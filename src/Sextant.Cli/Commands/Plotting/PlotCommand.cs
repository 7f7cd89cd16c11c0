using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Plotting;

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
        Check(request);
        Stopwatch watch = Stopwatch.StartNew();
        PlotPanels panels = await ProgressLine.RunAsync(
            shell,
            "reading",
            progress => PlotPanels.CreateAsync(parsed, request, progress, cancellationToken)
        );
        Draw(shell, panels, request);
        Report(shell, request.Output.Path, panels, watch.Elapsed);
        return ExitCode.Done;
    }

    private static void Check(PlotRequest request)
    {
        if (request.Output.IsPage && (request.Facet is not null || request.Compare.Length > 0 || request.Contours || request.ClusterNames))
        {
            throw new InputException(
                $"{request.Output.Path}: --facet, --compare, --contours and --cluster-names are for images; use the extension .png or .svg"
            );
        }

        if (request.Compare.Length > 0 && (request.Facet is not null || request.Query is not null))
            throw new InputException("--compare draws one plot for each model; leave out --facet and --query");
    }

    private static void Draw(Shell shell, PlotPanels panels, PlotRequest request)
    {
        ScatterPlotOptions plot = new()
        {
            Label = panels.Color,
            Title = request.Title ?? Title(request, panels),
            Theme = request.Dark ? PlotTheme.Dark : PlotTheme.Light,
            Palette = request.Palette,
            MaxCategories = request.Categories,
            Contours = request.Contours,
            ClusterNames = request.ClusterNames,
        };
        MapData data = panels.Panels[0].Data;
        if (request.Output.IsPixels)
            NoteMissing(shell, ScatterPlot.FindMissingCharacters(data, plot));
        if (request.Facet is null && request.Compare.Length == 0)
            request.Output.Write(data, plot);
        else
            request.Output.Write(panels.Panels, plot);
        if (request.Facet is { } facet)
            NoteLeftOut(shell, facet, data.Field(facet).Values.OfType<string>().Distinct().Count(), panels.Panels.Count);
    }

    private static void NoteLeftOut(Shell shell, string field, int values, int drawn)
    {
        if (values > drawn)
            shell.Note($"note: {drawn} of the {values} values of '{field}' are drawn, the most frequent ones");
    }

    private static string Title(PlotRequest request, PlotPanels panels) =>
        panels.Color == QueryScores.Field && request.Query is { } query ? $"Similarity to “{query}”" : new ScatterPlotOptions().Title;

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

    private static void Report(Shell shell, string path, PlotPanels panels, TimeSpan time)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("output", path);
                json.WriteNumber("points", panels.Points);
                if (panels.Disparity is { } disparity)
                    json.WriteNumber("disparity", Math.Round(disparity, 4));
                json.WriteNumber("seconds", Math.Round(time.TotalSeconds, 3));
            });
        }
        else
        {
            string same = panels.Disparity is { } disparity
                ? string.Create(CultureInfo.InvariantCulture, $", disparity {disparity:F2} (0: same layout, 1: unrelated)")
                : "";
            string took = string.Create(CultureInfo.InvariantCulture, $"{panels.Points:N0} points in {time.TotalSeconds:F1} s");
            shell.Out.WriteLine($"{path}: {took}{same}");
        }
    }
}
