using Sextant.Training.Transformers;

namespace Sextant.Training.Export;

/// <summary>
/// Writes the ONNX graph of a BERT-family encoder (BERT, RoBERTa, XLM-RoBERTa, CamemBERT, DistilBERT) from its weights, in safetensors or
/// in another graph. Needs neither Python nor PyTorch.
/// </summary>
public static class OnnxExporter
{
    /// <summary>Whether a name is a transformer's folder with weights in safetensors or an ONNX graph, or such a graph.</summary>
    public static bool IsTransformer(string directory) => TransformerDirectory.Is(directory);

    /// <summary>Writes the graph and copies everything except the weights, so that the folder is a complete model.</summary>
    /// <param name="directory">
    /// A Hugging Face or sentence-transformers directory with weights in safetensors or an ONNX graph, or the path of that graph.
    /// </param>
    /// <param name="output">The new folder; may be <paramref name="directory"/>, to add a graph to it.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <returns>The graph's file: <c>onnx/model.onnx</c>, or <c>onnx/model_quantized.onnx</c> with 8-bit weights.</returns>
    /// <exception cref="InputException">The directory does not hold such a model, or is damaged.</exception>
    /// <exception cref="SextantException">The graph would be larger than an ONNX file can be.</exception>
    public static string Export(string directory, string output, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(output);
        options ??= new OnnxExportOptions();
        var model = TransformerDirectory.Open(directory);
        var graph = new OnnxGraphWriter();
        Dictionary<string, float[]> weights = model.ReadWeights();
        InputScales? int8 = options.Int8 ? InputScales.Measure(model, weights) : null;
        new EncoderGraph(graph, model.Config, weights, int8).Build(model.Layout, options.Pooled);
        model.CopyFiles(output);
        string path = Path.Combine(output, "onnx", options.Int8 ? "model_quantized.onnx" : "model.onnx");
        graph.Save(path, $"{model.Config.Family} encoder, {model.Config.Layers} layers of {model.Config.Width}");
        return path;
    }
}
