using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Index.Interchange;
using Sextant.Plotting;
using Sextant.Sources;
using Sextant.Umap;

namespace Sextant.Cli.Commands.Plotting;

/// <summary>The input of <c>sextant plot</c> and <c>sextant cluster</c>: vectors with their texts and fields.</summary>
internal sealed class PlotPoints
{
    private const int BatchSize = 1024;

    /// <summary>The field that lines of labels make.</summary>
    private const string LabelField = "label";

    private readonly List<PlotPoint> _points = [];
    private bool _hasLabelLines;

    public int Count => _points.Count;

    public IReadOnlyList<PlotPoint> All => _points;

    /// <summary>Reads vectors, a collection, or texts.</summary>
    public static async Task<PlotPoints> ReadAsync(
        ParseResult parsed,
        string source,
        string? textField,
        string? labelsFile,
        ProgressLine progress,
        CancellationToken cancellationToken,
        bool embed = true
    )
    {
        if (IsVectors(source) && !ChosenModel.IsElsewhere(source))
            return await OfVectorsAsync(source, labelsFile, textField, cancellationToken);
        if (labelsFile is { } labels)
            throw new InputException($"--labels {labels} needs a file of vectors (.npy, .fvecs); for texts, name a field with --label");
        return await ChosenModel.IsCollectionAsync(parsed, source, cancellationToken)
            ? await OfCollectionAsync(source, parsed, progress, cancellationToken)
            : await OfTextsAsync(source, textField, parsed, embed, progress, cancellationToken);
    }

    private static bool IsVectors(string source) => Path.GetExtension(source).ToLowerInvariant() is ".npy" or ".fvecs";

    /// <summary>Reads an existing collection.</summary>
    private static async Task<PlotPoints> OfCollectionAsync(
        string source,
        ParseResult parsed,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        PlotPoints points = new();
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            source,
            ChosenModel.Engine(parsed, createIfMissing: false),
            cancellationToken
        );
        await foreach (Document document in engine.ListAsync(cancellationToken))
        {
            points._points.Add(new(document.Id, document.Vector!.Value, document.Text, document.Metadata));
            progress.Report("reading", points.Count, total: null);
        }

        return points;
    }

    /// <summary>Reads texts and embeds them if wanted.</summary>
    private static async Task<PlotPoints> OfTextsAsync(
        string source,
        string? textField,
        ParseResult parsed,
        bool embed,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        PlotPoints points = new();
        SourceReader reader = new(new SourceReaderOptions { TextField = textField, PlainText = PlainTextUnit.Line });
        await foreach (SourceDocument document in reader.ReadAsync([source], cancellationToken))
            points._points.Add(new(document.Id, default, document.Text, document.Metadata));
        return embed ? await points.EmbedAsync(ChosenModel.Name(parsed), parsed, progress, cancellationToken) : points;
    }

    /// <summary>The same points with the vectors that a model gives their texts.</summary>
    public async Task<PlotPoints> EmbedAsync(
        string modelName,
        ParseResult parsed,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        if (_points.Exists(point => point.Text is null))
            throw new InputException("vectors have no texts to embed; give the texts as source, or with --labels FILE");
        PlotPoints points = new() { _hasLabelLines = _hasLabelLines };
        using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.Registry.OpenAsync(
            modelName,
            ChosenModel.Pipeline(parsed) with
            {
                Overflow = OverflowPolicy.Chunk,
            },
            cancellationToken
        );
        foreach (PlotPoint[] batch in _points.Chunk(BatchSize))
        {
            GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(
                [.. batch.Select(point => point.Text!)],
                cancellationToken: cancellationToken
            );
            points._points.AddRange(batch.Select((point, i) => point with { Vector = vectors[i].Vector }));
            progress.Report("embedding", points.Count, Count);
        }

        return points;
    }

    /// <summary>
    /// Reads vectors, and what each stands for: lines of a .txt file are labels, rows of any other file have a text and fields.
    /// </summary>
    private static async Task<PlotPoints> OfVectorsAsync(
        string source,
        string? labels,
        string? textField,
        CancellationToken cancellationToken
    )
    {
        VectorTable table = Path.GetExtension(source).Equals(".fvecs", StringComparison.OrdinalIgnoreCase)
            ? FvecsFile.Read(source)
            : NpyFile.Read(source);
        List<SourceDocument> rows = [];
        bool isLines = Path.GetExtension(labels)?.Equals(".txt", StringComparison.OrdinalIgnoreCase) == true;
        if (labels is not null)
        {
            SourceReader reader = new(new SourceReaderOptions { TextField = textField, PlainText = PlainTextUnit.Line });
            await foreach (SourceDocument document in reader.ReadAsync([labels], cancellationToken))
                rows.Add(document);
            if (rows.Count != table.Count)
            {
                throw new InputException(
                    $"{labels}: {rows.Count} labels for the {table.Count} vectors of {source}; give one label per vector"
                );
            }
        }

        PlotPoints points = new() { _hasLabelLines = isLines };
        for (int i = 0; i < table.Count; i++)
        {
            ReadOnlyMemory<float> vector = table.Rows.Slice(i * table.Dimensions, table.Dimensions);
            if (labels is null)
                points._points.Add(new(null, vector, null, null));
            else if (isLines)
                points._points.Add(new(null, vector, null, new() { [LabelField] = rows[i].Text }));
            else
                points._points.Add(new(rows[i].Id, vector, rows[i].Text, rows[i].Metadata));
        }

        return points;
    }

    /// <summary>The field to color by: the requested one, or the labels from the input lines.</summary>
    public string? Label(string? asked, string source)
    {
        if (asked is null)
            return _hasLabelLines ? LabelField : null;
        string[] known = [.. _points.SelectMany(point => point.Metadata?.Select(pair => pair.Key) ?? []).Distinct()];
        if (asked == QueryScores.Field && !known.Contains(asked))
            throw new InputException("--color-by score needs a text to compare with: add --query TEXT");
        if (known.Contains(asked))
            return asked;
        throw new InputException(
            $"{source}: no field '{asked}' to color by{Suggestion.AskWithin(asked, known)}; "
                + $"there {(known.Length == 0 ? "are none" : $"are {string.Join(", ", known)}")}"
        );
    }

    /// <summary>Lays the vectors out on a plane.</summary>
    public MapData LayOut(UmapOptions options, string source, IProgress<double> progress, CancellationToken cancellationToken)
    {
        if (Count == 0)
            throw new InputException($"{source}: no texts to plot");
        MapBuilder map = new(JsonLine.Show);
        foreach (PlotPoint point in _points)
            map.Add(point.Vector, point.Text, point.Metadata);
        return map.LayOut(options, progress, cancellationToken);
    }
}

/// <summary>A vector and what it stands for.</summary>
internal sealed record PlotPoint(string? Id, ReadOnlyMemory<float> Vector, string? Text, JsonObject? Metadata);
