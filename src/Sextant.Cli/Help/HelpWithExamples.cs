using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sextant.Cli.Help;

/// <summary>The standard help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        HideReplaced(parseResult.CommandResult.Command);
        int code = standard.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb { Examples: { Count: > 0 } examples })
            return code;

        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach ((string commandLine, string does) in examples)
        {
            output.WriteLine($"  {commandLine}");
            output.WriteLine($"      {does}");
        }
        output.WriteLine();
        return code;
    }

    /// <summary>A command's own option stands for the common one of its name; the help shows only that.</summary>
    private static void HideReplaced(Command command)
    {
        foreach (Option option in command.Parents.OfType<Command>().SelectMany(parent => parent.Options))
            option.Hidden |= command.Options.Any(own => own.Name == option.Name);
    }
}
