using Sextant.Cli.Terminal;

namespace Sextant.Cli.Commands;

/// <summary>What opening a collection found worth saying, such as a graph that had to be built again.</summary>
internal static class Notices
{
    public static void Show(Shell shell, SemanticSearchEngine engine)
    {
        foreach (string notice in engine.Notices)
            shell.Note($"note: {notice}");
    }
}
