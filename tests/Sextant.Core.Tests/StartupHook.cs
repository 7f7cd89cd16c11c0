using Sextant.Core.Tests;
using Sextant.Core.Tests.Search.Storage;

/// <summary>
/// Runs before the entry point in a process that names this assembly in DOTNET_STARTUP_HOOKS: a test that needs a real second
/// process starts this program again with that set.
/// </summary>
#pragma warning disable MA0047 // The runtime finds it by its bare name.
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize()
    {
        WriterProcess.RunIfAsked();
        MoverProcess.RunIfAsked();
        LibraryExample.RunIfAsked();
        BuilderProcess.RunIfAsked();
    }
}
