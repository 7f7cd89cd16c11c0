namespace Sextant;

/// <summary>Finds the graph of a model's directory.</summary>
internal static class GraphFile
{
    // The full graph before the reduced ones, which callers can select by file name.
    private static readonly string[] Usual =
    [
        "onnx/model.onnx",
        "model.onnx",
        "onnx/model_fp16.onnx",
        "onnx/model_quantized.onnx",
        "model_optimized.onnx",
        "model_quantized.onnx",
    ];

    /// <summary>
    /// The directory and the graph that <paramref name="name"/> means: a directory, or one of the graphs within it
    /// (<c>./model/onnx/model_qint8_avx512.onnx</c>). The graph is <see langword="null"/> where the directory has none.
    /// </summary>
    public static (string Directory, string? Graph) Find(string name)
    {
        if (File.Exists(name))
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(name))!;
            return (Path.GetFileName(folder) == "onnx" ? Path.GetDirectoryName(folder)! : folder, Path.GetFullPath(name));
        }

        string directory = Path.GetFullPath(name);
        string? graph = Array.Find(Array.ConvertAll(Usual, file => Path.Combine(directory, file)), File.Exists);
        return (directory, graph ?? OnlyOne(Path.Combine(directory, "onnx")) ?? OnlyOne(directory));
    }

    private static string? OnlyOne(string folder) =>
        Directory.Exists(folder) && Directory.GetFiles(folder, "*.onnx") is [var single] ? single : null;
}
