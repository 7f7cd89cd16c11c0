using Sextant.Training.Transformers;

namespace Sextant.Training.Import;

/// <summary>
/// Recognizes the function between the two maps of a feed-forward layer. A function made of several nodes is recognized by what it
/// computes:
/// exporters write GELU in many ways, and all of them give the same numbers.
/// </summary>
internal sealed class GraphActivation(OnnxGraphIndex graph, GraphConstants constants)
{
    private const int MaxDepth = 32;
    private const double Tolerance = 2e-5;

    private static readonly double[] Points = [-4, -2.2, -1, -0.3, 0, 0.4, 1.1, 2.3, 5];

    private string? _input;

    /// <summary>Reads the function that gives <paramref name="value"/>.</summary>
    /// <returns>The function, what goes into it, and a bias that is fused with it.</returns>
    public (TransformerActivation Kind, string Input, string Bias) Read(string value)
    {
        value = graph.ResolveContent(value);
        OnnxNode node = graph.Producer(value) ?? throw Unknown(value);
        switch (node.Type)
        {
            case "Gelu":
                bool byTanh = node.Attributes.TryGetValue("approximate", out OnnxAttribute? approximate) && approximate.Text == "tanh";
                return (byTanh ? TransformerActivation.GeluTanh : TransformerActivation.Gelu, node.Input(0), "");
            case "BiasGelu":
                return (TransformerActivation.Gelu, node.Input(0), node.Input(1));
            case "FastGelu":
                return (TransformerActivation.GeluTanh, node.Input(0), node.Input(1));
            default:
                break;
        }

        _input = null;
        double[] values = new double[Points.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(value, Points[i], 0);
        }

        foreach (
            (TransformerActivation kind, Func<double, double> function) in ((TransformerActivation, Func<double, double>)[])
                [
                    (TransformerActivation.Gelu, static x => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)))),
                    (
                        TransformerActivation.GeluTanh,
                        static x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))
                    ),
                    (TransformerActivation.Relu, static x => Math.Max(0, x)),
                ]
        )
        {
            if (_input is not null && Points.Zip(values).All(pair => Math.Abs(function(pair.First) - pair.Second) < Tolerance))
            {
                return (kind, _input, "");
            }
        }

        throw Unknown(value);
    }

    private double Evaluate(string value, double x, int depth)
    {
        if (constants.TryReadScalar(value) is { } number)
        {
            return number;
        }

        if (depth > MaxDepth || graph.Producer(value) is not { } node || IsMapped(node))
        {
            return EvaluateInput(value, x);
        }

        double Operand(int index) => Evaluate(node.Input(index), x, depth + 1);
        return node.Type switch
        {
            "Add" => Operand(0) + Operand(1),
            "Sub" => Operand(0) - Operand(1),
            "Mul" => Operand(0) * Operand(1),
            "Div" => Operand(0) / Operand(1),
            "Pow" => Math.Pow(Operand(0), Operand(1)),
            "Erf" => Erf(Operand(0)),
            "Tanh" => Math.Tanh(Operand(0)),
            "Sigmoid" => 1 / (1 + Math.Exp(-Operand(0))),
            "Relu" => Math.Max(0, Operand(0)),
            _ => EvaluateInput(value, x),
        };
    }

    private double EvaluateInput(string value, double x)
    {
        value = graph.ResolveContent(value);
        _input ??= value;
        return _input == value ? x : throw Unknown(value);
    }

    /// <summary>Whether a node ends a linear map, so that what it gives is the function's input.</summary>
    private bool IsMapped(OnnxNode node) =>
        node.Type == "Add"
        && node.Inputs.Exists(input =>
            graph.Constant(input) is { Count: > 1 } || graph.Producer(graph.ResolveContent(input)) is { Type: "MatMul" or "Gemm" }
        );

    private InputException Unknown(string value) => graph.Unknown(value, "GELU or ReLU between the two maps of a layer");

    /// <summary>The error function, within 1.5e-7 (Abramowitz and Stegun 7.1.26).</summary>
    private static double Erf(double x)
    {
        double t = 1 / (1 + (0.3275911 * Math.Abs(x)));
        double sum = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        return Math.Sign(x) * (1 - (sum * Math.Exp(-x * x)));
    }
}
