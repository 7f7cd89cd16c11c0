using System.CommandLine;
using Sextant.Cli.Terminal;
using Sextant.Plotting;
using Sextant.Umap;

namespace Sextant.Cli.Commands.Plotting;

/// <summary>What a picture shows: one plot, or several panels.</summary>
/// <param name="Panels">The panels; one without a title is the whole picture.</param>
/// <param name="Color">The field of the colors.</param>
/// <param name="Disparity">How far two compared layouts are from each other, 0 to 1.</param>
internal sealed record PlotPanels(IReadOnlyList<PlotPanel> Panels, string? Color, double? Disparity = null)
{
    public int Points => Panels[0].Data.Count;

    /// <summary>Reads and lays out what a request asks for.</summary>
    public static async Task<PlotPanels> CreateAsync(
        ParseResult parsed,
        PlotRequest request,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        PlotPoints points = await PlotPoints.ReadAsync(
            parsed,
            request.Source,
            request.TextField,
            request.LabelsFile,
            progress,
            cancellationToken,
            embed: request.Compare.Length == 0
        );
        bool byScore = request.Query is not null && request.Label is null or QueryScores.Field;
        string? color = byScore ? QueryScores.Field : points.Label(request.Label, request.Source);
        if (request.Compare.Length > 0)
            return await CompareAsync(parsed, request, points, color, progress, cancellationToken);
        MapData data = LayOut(points, request, progress, cancellationToken);
        if (request.Query is not null)
        {
            MapField scores = await QueryScores.ComputeAsync(parsed, request, points, cancellationToken);
            data = new(data.Positions, data.Texts, [.. data.Fields.Where(field => field.Name != QueryScores.Field), scores]);
        }

        return new(request.Facet is { } facet ? PlotPanel.Facet(data, facet) : [new("", data)], color);
    }

    /// <summary>The second layout is turned and scaled onto the first.</summary>
    private static async Task<PlotPanels> CompareAsync(
        ParseResult parsed,
        PlotRequest request,
        PlotPoints points,
        string? color,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        List<MapData> layouts = [];
        foreach (string model in request.Compare)
        {
            PlotPoints embedded = await points.EmbedAsync(model, parsed, progress, cancellationToken);
            layouts.Add(LayOut(embedded, request, progress, cancellationToken));
        }

        (float[] aligned, double disparity) = Procrustes.Align(layouts[0].Positions.Span, layouts[1].Positions.Span);
        return new(
            [new(request.Compare[0], layouts[0]), new(request.Compare[1], new(aligned, layouts[1].Texts, layouts[1].Fields))],
            color,
            disparity
        );
    }

    private static MapData LayOut(PlotPoints points, PlotRequest request, ProgressLine progress, CancellationToken cancellationToken)
    {
        progress.Report("laying out", 0, 100);
        Progress<double> layout = new(share => progress.Report("laying out", (long)(share * 100), 100));
        UmapOptions options = request.Layout with { Neighbors = request.Neighbors ?? UmapOptions.ForRowCount(points.Count).Neighbors };
        return points.LayOut(options, request.Source, layout, cancellationToken);
    }
}
