using System.CommandLine;
using Microsoft.Extensions.AI;
using Sextant.Cli.Commands.Plotting;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Plotting;
using Sextant.Umap;
using Sextant.Umap.Topics;

namespace Sextant.Cli.Commands.Topics;

/// <summary><c>sextant cluster</c>: the topics of texts.</summary>
internal static class ClusterCommand
{
    /// <summary>The field of a map with the name of each point's topic.</summary>
    private const string Field = "cluster";

    public static Command Create(Shell shell)
    {
        ClusterSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, syntax.Read(parsed), shell, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ClusterRequest request, Shell shell, CancellationToken cancellationToken)
    {
        PlotFile? map = request.Map is { } path ? new(path) : null;
        (IReadOnlyList<PlotPoint> points, TopicOverview overview, MapData? data) = await ProgressLine.RunAsync(
            shell,
            "reading",
            async progress =>
            {
                PlotPoints read = await PlotPoints.ReadAsync(
                    parsed,
                    request.Source,
                    request.TextField,
                    request.LabelsFile,
                    progress,
                    cancellationToken
                );
                TopicOverview found = await FindAsync(parsed, request, read, progress, cancellationToken);
                MapData? drawn = map is null ? null : LayOut(request, read, found, progress, cancellationToken);
                return (read.All, found, drawn);
            }
        );
        if (map is not null)
            map.Write(data!, new() { Label = Field, Title = $"Topics of {Path.GetFileName(request.Source.TrimEnd('/'))}" });
        TopicReport report = new(points, overview, request.ByTitle);
        if (request.Output is { } output)
            report.WriteRows(output);
        report.Write(shell);
        return ExitCode.Done;
    }

    private static async Task<TopicOverview> FindAsync(
        ParseResult parsed,
        ClusterRequest request,
        PlotPoints points,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        if (points.Count == 0)
            throw new InputException($"{request.Source}: no texts to cluster");
        if (points.All.Any(point => point.Text is null))
            throw new InputException($"{request.Source}: vectors have no texts to name topics by; give them with --labels FILE");
        int dimensions = points.All[0].Vector.Length;
        float[] rows = new float[(long)points.Count * dimensions];
        for (int i = 0; i < points.Count; i++)
            points.All[i].Vector.Span.CopyTo(rows.AsSpan(i * dimensions));
        Progress<double> share = new(done => progress.Report("clustering", (long)(done * 100), 100));
        TopicOptions options = request.Options with { EmbedPhrases = request.LabelsFile is null ? EmbedAsync : null };
        return await TopicFinder.FindAsync(
            [.. points.All.Select(point => point.Text!)],
            rows,
            dimensions,
            options,
            share,
            cancellationToken
        );

        async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IReadOnlyList<string> phrases, CancellationToken cancellation)
        {
            if (await ChosenModel.IsCollectionAsync(parsed, request.Source, cancellation))
            {
                await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
                    request.Source,
                    ChosenModel.Engine(parsed, createIfMissing: false),
                    cancellation
                );
                return [.. (await engine.EmbedAsync([.. phrases], cancellationToken: cancellation)).Select(vector => vector.AsMemory())];
            }

            using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.OpenAsync(
                parsed,
                OverflowPolicy.Truncate,
                cancellation
            );
            GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(phrases, cancellationToken: cancellation);
            return [.. vectors.Select(vector => vector.Vector)];
        }
    }

    private static MapData LayOut(
        ClusterRequest request,
        PlotPoints points,
        TopicOverview overview,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        Progress<double> share = new(done => progress.Report("laying out", (long)(done * 100), 100));
        UmapOptions layout = UmapOptions.ForRowCount(points.Count) with { Seed = request.Options.Seed };
        MapData data = points.LayOut(layout, request.Source, share, cancellationToken);
        TopicReport names = new(points.All, overview, request.ByTitle);
        string?[] values = [.. overview.Labels.Select(label => label < 0 ? null : names.Name(label))];
        return new(data.Positions, data.Texts, [.. data.Fields.Where(field => field.Name != Field), new MapField(Field, values)]);
    }
}
