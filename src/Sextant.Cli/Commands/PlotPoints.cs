using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Interchange;
using Sextant.Plotting;
using Sextant.Projection;
using Sextant.Text;

namespace Sextant.Cli.Commands;

/// <summary>What <c>sextant plot</c> draws: vectors, and what is known of each: a text, fields.</summary>
internal sealed class PlotPoints
{
    private const int BatchSize = 1024;

    /// <summary>The field that lines of labels make.</summary>
    private const string LabelField = "label";

    private readonly List<ReadOnlyMemory<float>> _vectors = [];
    private readonly List<JsonObject?> _metadata = [];
    private readonly List<string> _texts = [];
    private VectorTable? _table;

    public int Count => _table?.Count ?? _vectors.Count;

    public static bool IsVectors(string source) => Path.GetExtension(source).ToLowerInvariant() is ".npy" or ".fvecs";

    /// <summary>Reads a collection as it is.</summary>
    public static async Task<PlotPoints> OfCollectionAsync(string source, ParseResult parsed, ProgressLine progress, CancellationToken cancellationToken)
    {
        PlotPoints points = new();
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            source, ChosenModel.Engine(parsed, createIfMissing: false), cancellationToken);
        await foreach (Document document in engine.ListAsync(cancellationToken))
        {
            points._texts.Add(document.Text);
            points._metadata.Add(document.Metadata);
            points._vectors.Add(document.Vector!.Value);
            progress.Report("reading", points.Count, total: null);
        }

        return points;
    }

    /// <summary>Reads and embeds texts.</summary>
    public static async Task<PlotPoints> OfTextsAsync(
        string source, string? textField, ParseResult parsed, ProgressLine progress, CancellationToken cancellationToken)
    {
        PlotPoints points = new();
        using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.OpenAsync(parsed, Overflow.Chunk, cancellationToken);
        SourceReader reader = new(new SourceReaderOptions { TextField = textField, PlainText = PlainTextUnit.Line });
        await foreach (SourceDocument[] batch in reader.ReadAsync([source], cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(
                [.. batch.Select(document => document.Text)], cancellationToken: cancellationToken);
            for (int i = 0; i < batch.Length; i++)
            {
                points._texts.Add(batch[i].Text);
                points._metadata.Add(batch[i].Metadata);
                points._vectors.Add(vectors[i].Vector);
            }

            progress.Report("embedding", points.Count, total: null);
        }

        return points;
    }

    /// <summary>
    /// Reads vectors, and what each stands for: lines of a .txt file are labels, rows of any other file have a text and fields.
    /// </summary>
    public static async Task<PlotPoints> OfVectorsAsync(string source, string? labels, string? textField, CancellationToken cancellationToken)
    {
        PlotPoints points = new() { _table = Path.GetExtension(source).Equals(".fvecs", StringComparison.OrdinalIgnoreCase) ? FvecsFile.Read(source) : NpyFile.Read(source) };
        if (labels is null) return points;
        bool isLines = Path.GetExtension(labels).Equals(".txt", StringComparison.OrdinalIgnoreCase);
        SourceReader reader = new(new SourceReaderOptions { TextField = textField, PlainText = PlainTextUnit.Line });
        await foreach (SourceDocument document in reader.ReadAsync([labels], cancellationToken))
        {
            if (!isLines) points._texts.Add(document.Text);
            points._metadata.Add(isLines ? new JsonObject { [LabelField] = document.Text } : document.Metadata);
        }

        if (points._metadata.Count != points.Count)
            throw new InputException($"{labels}: {points._metadata.Count} labels for the {points.Count} vectors of {source}; each vector needs its own");
        return points;
    }

    /// <summary>The field to colour by: the one asked for, or the labels that came in lines.</summary>
    public string? Label(string? asked, string source)
    {
        if (asked is null) return _texts.Count == 0 && _metadata.Count > 0 ? LabelField : null;
        if (_metadata.Exists(metadata => metadata?.ContainsKey(asked) == true)) return asked;
        string[] known = [.. Names()];
        throw new InputException(
            $"{source}: no field '{asked}' to colour by; there {(known.Length == 0 ? "are none" : $"are {string.Join(", ", known)}")}");
    }

    /// <summary>Lays the vectors out on a plane.</summary>
    public MapData LayOut(UmapOptions options, string source, IProgress<double> progress, CancellationToken cancellationToken)
    {
        if (Count == 0) throw new InputException($"{source}: there is no text to draw");
        UmapModel map = _table is { } table
            ? UmapModel.Fit(table.Rows, table.Dimensions, options, progress, cancellationToken)
            : UmapModel.Fit(Rows(), _vectors[0].Length, options, progress, cancellationToken);
        return new MapData(map.Embedding, _texts.Count > 0 ? _texts : null, Fields());
    }

    private float[] Rows()
    {
        int dimensions = _vectors[0].Length;
        float[] rows = new float[_vectors.Count * dimensions];
        for (int i = 0; i < _vectors.Count; i++) _vectors[i].CopyTo(rows.AsMemory(i * dimensions));
        return rows;
    }

    private List<MapField> Fields() => _metadata.Count == 0
        ? []
        : [.. Names().Select(name => new MapField(name, [.. _metadata.Select(metadata => Show(metadata?[name]))]))];

    private IEnumerable<string> Names() => _metadata.SelectMany(metadata => metadata?.Select(pair => pair.Key) ?? []).Distinct();

    private static string? Show(JsonNode? value) => value is null ? null : JsonLine.Show(value);
}
