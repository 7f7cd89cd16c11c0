using Microsoft.ML.OnnxRuntime;

namespace Sextant.Onnx.Inference;

/// <summary>Adds an execution provider to a session, where the ONNX Runtime of this process has it.</summary>
internal static class ExecutionProviders
{
    private static readonly Dictionary<OnnxExecutionProvider, (string Name, string Package)> Known = new()
    {
        [OnnxExecutionProvider.Cuda] = (
            "CUDAExecutionProvider",
            "reference Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime"
        ),
        [OnnxExecutionProvider.DirectML] = (
            "DmlExecutionProvider",
            "reference Microsoft.ML.OnnxRuntime.DirectML in place of Microsoft.ML.OnnxRuntime, on Windows"
        ),
        [OnnxExecutionProvider.CoreML] = ("CoreMLExecutionProvider", "it is in Microsoft.ML.OnnxRuntime on macOS and iOS alone"),
    };

    /// <exception cref="InputException">The provider is not available, or has no device.</exception>
    public static void Append(SessionOptions options, OnnxExecutionProvider provider)
    {
        if (provider == OnnxExecutionProvider.Cpu)
        {
            return;
        }

        string asked = Name(provider);
        (string name, string package) = Known[provider];
        string[] present = OrtEnv.Instance().GetAvailableProviders();
        if (!present.Contains(name))
        {
            throw new InputException(
                $"the execution provider {asked} is not in this program's ONNX Runtime, which has "
                    + $"{string.Join(", ", present.Select(Name).Where(static known => known.Length > 0))}; {package}"
            );
        }

        try
        {
            switch (provider)
            {
                case OnnxExecutionProvider.Cuda:
                    options.AppendExecutionProvider_CUDA();
                    break;
                case OnnxExecutionProvider.DirectML:
                    options.AppendExecutionProvider_DML();
                    break;
                default:
                    options.AppendExecutionProvider_CoreML();
                    break;
            }
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new InputException(
                $"the execution provider {asked} cannot be used on this machine ({e.Message.ReplaceLineEndings(" ")})",
                e
            );
        }
    }

    private static string Name(OnnxExecutionProvider provider) => provider.ToString().ToLowerInvariant();

    private static string Name(string present) =>
        present is "CPUExecutionProvider" ? Name(OnnxExecutionProvider.Cpu)
        : Known.FirstOrDefault(known => known.Value.Name == present) is { Value.Name: not null } found ? Name(found.Key)
        : "";
}
