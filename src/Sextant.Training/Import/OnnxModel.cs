namespace Sextant.Training.Import;

/// <summary>The content of an ONNX file.</summary>
/// <param name="path">The file, for messages.</param>
internal sealed class OnnxModel(string path)
{
    public string Path => path;

    public List<OnnxNode> Nodes { get; } = [];

    public Dictionary<string, OnnxTensor> Constants { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the inputs. Old files list their constants among them.</summary>
    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];
}
