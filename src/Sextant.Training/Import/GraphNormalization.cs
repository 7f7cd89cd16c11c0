namespace Sextant.Training.Import;

/// <summary>A layer normalization found in a graph.</summary>
/// <param name="Scale">The factor of each dimension.</param>
/// <param name="Shift">The offset of each dimension.</param>
/// <param name="Epsilon">The constant added to the variance.</param>
/// <param name="Addends">The values whose sum is normalized.</param>
internal sealed record GraphNormalization(float[] Scale, float[] Shift, float Epsilon, string[] Addends)
{
    private const float UsualEpsilon = 1e-5f,
        UsualFusedEpsilon = 1e-12f;

    /// <summary>
    /// Reads the normalization that gives <paramref name="value"/>, as one node, fused with the sum before it, or in its nine parts.
    /// </summary>
    public static GraphNormalization? TryRead(OnnxGraphIndex graph, GraphConstants constants, string value)
    {
        if (graph.Producer(value) is not { } node || node.Outputs[0] != graph.Resolve(value))
        {
            return null;
        }

        if (node.Is("LayerNormalization") && node.Whole("axis", -1) is -1 or 2 && constants.TryReadVector(node.Input(1)) is { } scale)
        {
            float[]? shift = node.Input(2).Length > 0 ? constants.TryReadVector(node.Input(2), scale.Length) : new float[scale.Length];
            return shift is null ? null : new GraphNormalization(scale, shift, node.Number("epsilon", UsualEpsilon), [node.Input(0)]);
        }

        if (node.IsFused("SkipLayerNormalization") && constants.TryReadVector(node.Input(2)) is { } skipScale)
        {
            float[]? shift =
                node.Input(3).Length > 0 ? constants.TryReadVector(node.Input(3), skipScale.Length) : new float[skipScale.Length];
            string[] addends = [.. ((string[])[node.Input(0), node.Input(1), node.Input(4)]).Where(static input => input.Length > 0)];
            return shift is null ? null : new GraphNormalization(skipScale, shift, node.Number("epsilon", UsualFusedEpsilon), addends);
        }

        return node.Is("Add") ? TryReadParts(graph, constants, node) : null;
    }

    // scale · (x - mean) / √(variance + ε) + shift
    private static GraphNormalization? TryReadParts(OnnxGraphIndex graph, GraphConstants constants, OnnxNode sum)
    {
        if (Pick(graph, sum, "Mul") is not (var (product, shiftName)) || Scaled(graph, product) is not (var (ratio, scaleName)))
        {
            return null;
        }

        string? deviation = ratio.Is("Div") ? ratio.Input(0) : null;
        string? root = ratio.Is("Div") ? ratio.Input(1) : null;
        for (int i = 0; i < 2 && ratio.Is("Mul"); i++)
        {
            if (graph.Producer(ratio.Input(i)) is { } inverse && inverse.Is("Reciprocal"))
            {
                (deviation, root) = (ratio.Input(1 - i), inverse.Input(0));
            }
        }

        return
            deviation is not null
            && root is not null
            && graph.Producer(deviation) is { } difference
            && difference.Is("Sub")
            && graph.Producer(difference.Input(1)) is { } mean
            && IsMean(constants, mean)
            && graph.AreSame(mean.Input(0), difference.Input(0))
            && ReadEpsilon(graph, constants, root, deviation) is { } epsilon
            && constants.TryReadVector(scaleName) is { } scale
            && constants.TryReadVector(shiftName, scale.Length) is { } shift
            ? new GraphNormalization(scale, shift, epsilon, [difference.Input(0)])
            : null;
    }

    private static (OnnxNode Ratio, string Scale)? Scaled(OnnxGraphIndex graph, OnnxNode product)
    {
        for (int i = 0; i < 2; i++)
        {
            if (
                graph.Constant(product.Input(i)) is not null
                && graph.Producer(product.Input(1 - i)) is { } ratio
                && (ratio.Is("Div") || ratio.Is("Mul"))
            )
            {
                return (ratio, product.Input(i));
            }
        }

        return null;
    }

    // √(mean(deviation²) + ε): gives ε.
    private static float? ReadEpsilon(OnnxGraphIndex graph, GraphConstants constants, string root, string deviation)
    {
        if (
            graph.Producer(root) is not { } node
            || !(node.Is("Sqrt") || (node.Is("Pow") && constants.TryReadScalar(node.Input(1)) is 0.5))
            || graph.Producer(node.Input(0)) is not { } sum
            || !sum.Is("Add")
        )
        {
            return null;
        }

        for (int i = 0; i < 2; i++)
        {
            if (
                constants.TryReadScalar(sum.Input(i)) is { } epsilon
                && graph.Producer(sum.Input(1 - i)) is { } variance
                && IsMean(constants, variance)
                && graph.Producer(variance.Input(0)) is { } square
                && graph.AreSame(square.Input(0), deviation)
                && (
                    square.Is("Pow")
                        ? constants.TryReadScalar(square.Input(1)) is 2
                        : square.Is("Mul") && graph.AreSame(square.Input(1), deviation)
                )
            )
            {
                return (float)epsilon;
            }
        }

        return null;
    }

    private static bool IsMean(GraphConstants constants, OnnxNode node) =>
        node.Is("ReduceMean")
        && node.Whole("keepdims", 1) == 1
        && (node.Wholes("axes") ?? constants.TryReadIntegers(node.Input(1))) is [-1] or [2];

    private static (OnnxNode Node, string Other)? Pick(OnnxGraphIndex graph, OnnxNode sum, string type)
    {
        for (int i = 0; i < 2; i++)
        {
            if (graph.Constant(sum.Input(1 - i)) is not null && graph.Producer(sum.Input(i)) is { } node && node.Is(type))
            {
                return (node, sum.Input(1 - i));
            }
        }

        return null;
    }
}
