namespace Sextant.Training.Import;

/// <summary>
/// Finds what produces each value of a graph. Nodes that pass values on unchanged (Identity, Cast, Dropout) are skipped. Every lookup
/// counts against a budget, so that a hostile graph of shared or circular values ends in an error.
/// </summary>
internal sealed class OnnxGraphIndex
{
    private const int MaxLookups = 2_000_000,
        MaxPassed = 10_000;

    private readonly OnnxModel _model;
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private int _lookups;

    public OnnxGraphIndex(OnnxModel model)
    {
        _model = model;
        foreach (OnnxNode node in model.Nodes)
        {
            foreach (string output in node.Outputs.Where(static output => output.Length > 0))
            {
                _producers[output] = node;
            }

            if (node.Is("Constant") && node.Outputs is [var name] && ReadConstant(node) is { } tensor)
            {
                model.Constants.TryAdd(name, tensor);
            }
        }
    }

    public OnnxModel Model => _model;

    /// <summary>The value that <paramref name="value"/> is a copy of.</summary>
    public string Resolve(string value)
    {
        for (int passed = 0; passed < MaxPassed; passed++)
        {
            CountLookup();
            if (!_producers.TryGetValue(value, out OnnxNode? node) || !IsCopy(node, value))
            {
                return value;
            }

            value = node.Input(0);
        }

        throw new InputException($"{_model.Path}: the graph has a cycle at '{value}'");
    }

    /// <summary>The value behind changes of shape that keep the order of the elements.</summary>
    public string ResolveContent(string value)
    {
        for (int passed = 0; passed < MaxPassed; passed++)
        {
            value = Resolve(value);
            if (
                !_producers.TryGetValue(value, out OnnxNode? node)
                || node is not { Type: "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Expand", Domain: "" or "ai.onnx" }
            )
            {
                return value;
            }

            value = node.Input(0);
        }

        throw new InputException($"{_model.Path}: the graph has a cycle at '{value}'");
    }

    /// <summary>The node that computes a value; <see langword="null"/> for inputs and constants.</summary>
    public OnnxNode? Producer(string value) => _producers.GetValueOrDefault(Resolve(value));

    /// <summary>Whether both names are of one value, apart from its shape.</summary>
    public bool AreSame(string a, string b) => ResolveContent(a) == ResolveContent(b);

    /// <summary>The constant that a value is, or <see langword="null"/>.</summary>
    public OnnxTensor? Constant(string value) => _model.Constants.GetValueOrDefault(Resolve(value));

    /// <summary>Every value that <paramref name="value"/> depends on, itself included, except values that depend only on a shape.</summary>
    public HashSet<string> Sources(string value)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>([value]);
        while (waiting.TryPop(out string? next))
        {
            if (seen.Add(next) && _producers.TryGetValue(next, out OnnxNode? node) && !node.Is("Shape"))
            {
                CountLookup();
                foreach (string input in node.Inputs.Where(static input => input.Length > 0))
                {
                    waiting.Push(input);
                }
            }
        }

        return seen;
    }

    /// <summary>The error for a value that is not what it has to be.</summary>
    /// <param name="value">The value; its node is named.</param>
    /// <param name="expected">What would have been understood, such as "a layer normalization".</param>
    public InputException Unknown(string value, string expected)
    {
        OnnxNode? node = Producer(value);
        string found = node is null ? $"the value '{value}'" : $"node '{(node.Name.Length > 0 ? node.Name : value)}' ({node.Type})";
        return new InputException(
            $"{_model.Path}: {found} is not supported: expected {expected}; " + "use a float graph of a BERT, RoBERTa or DistilBERT encoder"
        );
    }

    private static bool IsCopy(OnnxNode node, string output) =>
        node is { Type: "Identity" or "Cast" or "Dropout", Domain: "" or "ai.onnx" } && node.Outputs[0] == output;

    private static OnnxTensor? ReadConstant(OnnxNode node) =>
        node.Attributes.TryGetValue("value", out OnnxAttribute? value) ? value.Tensor
        : node.Attributes.TryGetValue("value_float", out value) ? new OnnxTensor(OnnxType.Float, [], BitConverter.GetBytes(value.Number))
        : node.Attributes.TryGetValue("value_int", out value) ? new OnnxTensor(OnnxType.Int64, [], BitConverter.GetBytes(value.Whole))
        : node.Attributes.TryGetValue("value_ints", out value)
            ? new OnnxTensor(OnnxType.Int64, [value.Wholes.Count], value.Wholes.SelectMany(BitConverter.GetBytes).ToArray())
        : null;

    private void CountLookup()
    {
        if (++_lookups > MaxLookups)
        {
            throw new InputException($"{_model.Path}: the graph is too complex for an encoder");
        }
    }
}
