using Sextant.Cli.Terminal;

namespace Sextant.Cli.Commands;

/// <summary>Prints the notices of opening a collection, such as a rebuilt graph.</summary>
internal static class Warnings
{
    public static void Show(Shell shell, SemanticSearchEngine engine)
    {
        foreach (string notice in engine.Warnings)
            shell.Note($"note: {notice}");
    }
}
