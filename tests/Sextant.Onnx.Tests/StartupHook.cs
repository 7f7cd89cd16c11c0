using Sextant.Onnx.Tests.Inference;

/// <summary>
/// Runs before the entry point in a process that names this assembly in DOTNET_STARTUP_HOOKS: a test that measures a whole process
/// starts this program again with that set.
/// </summary>
#pragma warning disable MA0047 // The runtime finds it by its bare name.
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize() => MemoryProcess.RunIfAsked();
}
