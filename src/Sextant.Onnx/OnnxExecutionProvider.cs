namespace Sextant.Onnx;

/// <summary>The execution provider of ONNX Runtime that runs a graph.</summary>
public enum OnnxExecutionProvider
{
    /// <summary>The processor; always there.</summary>
    Cpu = 0,

    /// <summary>A GPU by NVIDIA; in the package Microsoft.ML.OnnxRuntime.Gpu.</summary>
    Cuda = 1,

    /// <summary>Any GPU on Windows; in the package Microsoft.ML.OnnxRuntime.DirectML.</summary>
    DirectML = 2,

    /// <summary>Apple's GPU and neural engine; in the package Microsoft.ML.OnnxRuntime on macOS and iOS.</summary>
    CoreML = 3,
}
