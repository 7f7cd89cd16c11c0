namespace Sextant.Training.Import;

/// <summary>The sum of tables that an encoder begins with.</summary>
internal sealed record GraphEmbeddings
{
    public required GraphWeights Words { get; init; }

    public required GraphWeights Positions { get; init; }

    /// <summary>The table of segments; <see langword="null"/> for families without.</summary>
    public GraphWeights? Segments { get; init; }

    /// <summary>The row of <see cref="Positions"/> that the first token has.</summary>
    public required int FirstPosition { get; init; }

    public required GraphNormalization Normalization { get; init; }
}

/// <summary>Reads the tables of words, positions and segments, and the normalization of their sum.</summary>
internal sealed class GraphEmbeddingsReader(OnnxGraphIndex graph, GraphConstants constants)
{
    private const int MaxTables = 4;

    /// <summary>
    /// Reads the embeddings whose normalized sum is <paramref name="value"/>; <see langword="null"/> when that comes from a layer.
    /// </summary>
    public GraphEmbeddings? TryRead(string value)
    {
        if (graph.Producer(value) is { } node && node.IsFused("EmbedLayerNormalization"))
        {
            return ReadFused(node, value);
        }

        if (GraphNormalization.TryRead(graph, constants, value) is not { } normalization)
        {
            return null;
        }

        string[]? terms = GraphSum.Terms(graph, constants, normalization.Addends, MaxTables);
        if (terms is null || !terms.All(IsTable))
        {
            return null;
        }

        GraphWeights? words = null,
            positions = null,
            segments = null;
        int firstPosition = 0;
        foreach (string term in terms)
        {
            string content = graph.ResolveContent(term);
            if (graph.Constant(content) is not null)
            {
                // What the first row of a table of segments was folded into.
                segments = Set(
                    segments,
                    constants.TryReadVector(content) is { } row ? new GraphWeights([1, row.Length], row) : null,
                    content
                );
                continue;
            }

            OnnxNode gather = graph.Producer(content)!;
            string indices = graph.ResolveContent(gather.Input(1));
            GraphWeights? table = constants.TryReadWeights(gather.Input(0));
            if (indices == "input_ids")
            {
                words = Set(words, table, content);
            }
            else if (IsSegment(indices))
            {
                segments = Set(segments, table, content);
            }
            else
            {
                positions = Set(positions, table, content);
                firstPosition = ReadFirstPosition(indices);
            }
        }

        return new GraphEmbeddings
        {
            Words = words ?? throw graph.Unknown(value, "a table of words among the embeddings"),
            Positions = positions ?? throw graph.Unknown(value, "a table of positions among the embeddings"),
            Segments = segments,
            FirstPosition = firstPosition,
            Normalization = normalization,
        };
    }

    private GraphEmbeddings ReadFused(OnnxNode node, string value)
    {
        const float UsualEpsilon = 1e-12f;
        GraphWeights Table(int input) =>
            constants.TryReadWeights(node.Input(input)) is { Shape.Length: 2 } table
                ? table
                : throw graph.Unknown(value, "constant tables of words and positions");
        float[] Vector(int input) => constants.TryReadVector(node.Input(input)) ?? throw graph.Unknown(value, "a constant scale and shift");
        return new GraphEmbeddings
        {
            Words = Table(2),
            Positions = Table(3),
            Segments = node.Input(4).Length > 0 ? Table(4) : null,
            FirstPosition = node.Input(8).Length > 0 ? ReadFirstPosition(graph.ResolveContent(node.Input(8))) : 0,
            Normalization = new GraphNormalization(Vector(5), Vector(6), node.Number("epsilon", UsualEpsilon), []),
        };
    }

    private GraphWeights Set(GraphWeights? before, GraphWeights? table, string value) =>
        before is null && table is { Shape.Length: 2 }
            ? table
            : throw graph.Unknown(value, "one table each of words, positions and segments");

    private bool IsTable(string value)
    {
        string content = graph.ResolveContent(value);
        return graph.Constant(content) is { IsFloat: true }
            || (
                graph.Producer(content) is { } node
                && node.Is("Gather")
                && node.Whole("axis", 0) == 0
                && graph.Constant(node.Input(0)) is { IsFloat: true, Shape.Length: 2 }
            );
    }

    // Without an input for it, a graph takes segment 0 for all: zeros, cut or stretched to the text's length.
    private bool IsSegment(string indices)
    {
        if (indices == "token_type_ids")
        {
            return true;
        }

        string content = graph.Producer(indices) is { Type: "Slice" or "Gather" or "GatherElements" } cut
            ? graph.ResolveContent(cut.Input(0))
            : indices;
        return graph.Constant(content) is { IsInteger: true } zeros
            ? zeros.ReadIntegers().All(static id => id == 0)
            : graph.Producer(content) is { Type: "ConstantOfShape" } filled
                && (
                    !filled.Attributes.TryGetValue("value", out OnnxAttribute? fill)
                    || fill.Tensor is { IsInteger: true, Count: 1 } single && single.ReadIntegers()[0] == 0
                );
    }

    /// <summary>The position of the first token: RoBERTa counts from the id of padding, all others from 0.</summary>
    private int ReadFirstPosition(string indices)
    {
        InputException unknown = graph.Unknown(indices, "positions that count from a constant");
        if (indices == "position_ids")
        {
            return 0;
        }

        OnnxNode node = graph.Producer(indices) ?? throw unknown;
        switch (node.Type)
        {
            case "Slice" or "Gather" when constants.TryReadIntegers(node.Input(0)) is [var first, ..] and var all:
                return all.Select(static (position, i) => position - i).All(start => start == first) ? Position(first) : throw unknown;
            case "Range" when constants.TryReadScalar(node.Input(0)) is { } start:
                return Position(start);
            case "Add":
                double padding = constants.TryReadScalar(node.Input(1)) ?? constants.TryReadScalar(node.Input(0)) ?? throw unknown;
                // A running count of tokens begins at 1.
                return Position(padding + (graph.Sources(indices).Any(source => graph.Producer(source)?.Type is "CumSum") ? 1 : 0));
            case "Squeeze" or "Transpose" or "NonZero" when graph.Sources(indices).Any(source => graph.Producer(source)?.Type is "NonZero"):
                return 0;
            default:
                throw unknown;
        }

        int Position(double first) => first is >= 0 and < 1 << 16 && first == Math.Floor(first) ? (int)first : throw unknown;
    }
}
