namespace Sextant.Training.Import;

/// <summary>One node of an ONNX graph.</summary>
internal sealed class OnnxNode
{
    public string Name { get; set; } = "";

    /// <summary>The operator, such as <c>MatMul</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>Where the operator is defined: empty for ONNX itself, <c>com.microsoft</c> for ONNX Runtime's fused ones.</summary>
    public string Domain { get; set; } = "";

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public Dictionary<string, OnnxAttribute> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>The name of an input; empty where it was left out.</summary>
    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    public float Number(string name, float byDefault) => Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Number : byDefault;

    public long Whole(string name, long byDefault) => Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Whole : byDefault;

    public long[]? Wholes(string name) => Attributes.TryGetValue(name, out OnnxAttribute? found) ? [.. found.Wholes] : null;

    /// <summary>Whether it is one of ONNX's own operators.</summary>
    public bool Is(string type) => Type == type && Domain is "" or "ai.onnx";

    /// <summary>Whether it is one of ONNX Runtime's fused operators.</summary>
    public bool IsFused(string type) => Type == type && Domain == "com.microsoft";
}

/// <summary>An attribute of a node, of the kinds that encoders use.</summary>
internal sealed record OnnxAttribute
{
    public float Number { get; init; }

    public long Whole { get; init; }

    public string Text { get; init; } = "";

    public IReadOnlyList<long> Wholes { get; init; } = [];

    public OnnxTensor? Tensor { get; init; }
}
