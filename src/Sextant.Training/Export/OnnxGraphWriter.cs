using System.Runtime.InteropServices;

namespace Sextant.Training.Export;

/// <summary>
/// Builds an ONNX graph node by node and writes it as a ModelProto. Field numbers are those of onnx.proto (ONNX, Apache-2.0,
/// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
/// </summary>
internal sealed class OnnxGraphWriter
{
    public const int Float = 1,
        Int8 = 3,
        Int64 = 7;

    private const int IrVersion = 8;
    private const int Opset = 17;

    private readonly ProtoMessage _nodes = new();
    private readonly ProtoMessage _initializers = new();
    private readonly ProtoMessage _inputs = new();
    private readonly ProtoMessage _outputs = new();
    private readonly HashSet<string> _constants = [];
    private readonly SortedSet<string> _domains = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>Adds an input of whole numbers; a length is a number or the name of a dimension that is free.</summary>
    public string Input(string name, params object[] shape)
    {
        _inputs.Add(11, Value(name, Int64, shape));
        return name;
    }

    public void Output(string name, params object[] shape) => _outputs.Add(12, Value(name, Float, shape));

    /// <summary>Adds a constant of floats, once a name.</summary>
    public string Constant(string name, long[] shape, float[] values) =>
        Constant(name, shape, Float, MemoryMarshal.AsBytes(values.AsSpan()).Length, () => Bytes(values));

    public string Constant(string name, long[] shape, long[] values) =>
        Constant(name, shape, Int64, values.Length * sizeof(long), () => Bytes(values));

    public string Constant(string name, long[] shape, sbyte[] values) => Constant(name, shape, Int8, values.Length, () => Bytes(values));

    /// <summary>Adds a node and gives the name of its first output.</summary>
    /// <param name="type">
    /// The operator; one that ONNX itself does not define has its domain before it, as in <c>com.microsoft.Gelu</c>.
    /// </param>
    /// <param name="inputs">The values that it reads.</param>
    /// <param name="attributes">Floats, integers and lists of integers.</param>
    public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes) =>
        Nodes(type, inputs, 1, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public string[] Nodes(string type, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        string domain = type[..Math.Max(0, type.LastIndexOf('.'))];
        type = type[(type.LastIndexOf('.') + 1)..];
        string name = $"{type}_{_next++}";
        string[] results = [.. Enumerable.Range(0, outputs).Select(i => outputs == 1 ? name : $"{name}_{i}")];
        foreach (string result in results)
        {
            node.Add(2, result);
        }

        node.Add(3, name).Add(4, type);
        foreach ((string key, object value) in attributes)
        {
            node.Add(5, Attribute(key, value));
        }

        if (domain.Length > 0)
        {
            _domains.Add(domain);
            node.Add(7, domain);
        }

        _nodes.Add(1, node);
        return results;
    }

    /// <summary>Renames a value to the name of an output.</summary>
    public void Rename(string value, string output) =>
        _nodes.Add(1, new ProtoMessage().Add(1, value).Add(2, output).Add(3, output).Add(4, "Identity"));

    /// <summary>Writes the file whole.</summary>
    /// <exception cref="SextantException">It would be larger than such a file can be.</exception>
    public void Save(string path, string description)
    {
        var graph = new ProtoMessage();
        graph.Append(_nodes);
        graph.Add(2, "encoder");
        graph.Append(_initializers);
        graph.Append(_inputs);
        graph.Append(_outputs);
        ProtoMessage model = new ProtoMessage()
            .Add(1, IrVersion)
            .Add(2, "sextant")
            .Add(6, description)
            .Add(7, graph)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, Opset));
        foreach (string domain in _domains)
        {
            model.Add(8, new ProtoMessage().Add(1, domain).Add(2, 1));
        }

        if (model.Length > int.MaxValue)
        {
            throw new SextantException(
                $"{path}: a graph of {model.Length} bytes does not fit into one ONNX file, which ends at 2 GB; export it with 8-bit weights"
            )
            {
                RelatedOptions = [nameof(OnnxExportOptions.Int8)],
            };
        }

        AtomicFile.Write(path, model.WriteTo);
    }

    private string Constant(string name, long[] shape, int type, long bytes, Func<byte[]> values)
    {
        if (_constants.Add(name))
        {
            if (bytes > Array.MaxLength)
            {
                throw new SextantException($"{name}: {bytes} bytes are more than one ONNX file can hold; export it with 8-bit weights")
                {
                    RelatedOptions = [nameof(OnnxExportOptions.Int8)],
                };
            }

            var tensor = new ProtoMessage();
            foreach (long length in shape)
            {
                tensor.Add(1, length);
            }

            _initializers.Add(5, tensor.Add(2, type).Add(8, name).Add(9, values()));
        }

        return name;
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        const int FloatType = 1,
            IntType = 2,
            IntsType = 7;
        ProtoMessage attribute = new ProtoMessage().Add(1, name);
        switch (value)
        {
            case float number:
                return attribute.Add(2, number).Add(20, FloatType);
            case int number:
                return attribute.Add(3, number).Add(20, IntType);
            case long[] numbers:
                foreach (long number in numbers)
                {
                    attribute.Add(8, number);
                }

                return attribute.Add(20, IntsType);
            default:
                throw new ArgumentException($"An attribute cannot be {value}.", nameof(value));
        }
    }

    private static ProtoMessage Value(string name, int type, object[] shape)
    {
        var dimensions = new ProtoMessage();
        foreach (object length in shape)
        {
            dimensions.Add(1, length is string free ? new ProtoMessage().Add(2, free) : new ProtoMessage().Add(1, (long)(int)length));
        }

        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, new ProtoMessage().Add(1, type).Add(2, dimensions)));
    }

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
