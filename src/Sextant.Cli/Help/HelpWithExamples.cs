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
}
