using System.CommandLine;
using Sextant.Cli.Terminal;

namespace Sextant.Cli.Commands;

/// <summary>Every command, in the order in which <c>--help</c> lists them.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> Create(Shell shell)
    {
        _ = shell;
        return [];
    }
}
