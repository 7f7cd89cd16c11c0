using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sextant.Cli.Help;

/// <summary>Converts parse errors of a command line to one line with the problem and a suggestion.</summary>
internal static class UsageError
{
    /// <summary>The first thing that is wrong, a suggestion where one is near, and where to read more.</summary>
    public static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = $"see '{PathOf(parsed.CommandResult)} --help'";
        if (parsed.UnmatchedTokens is [string stray, ..])
        {
            bool isCommand = command.Subcommands.Count > 0 && !stray.StartsWith('-');
            string what =
                isCommand ? "unknown command"
                : stray.StartsWith('-') ? "unknown option"
                : "unexpected argument";
            string meant = Suggestion.Nearest(stray, Names(parsed.CommandResult, isCommand)) is { } near
                ? $"; did you mean '{near}'?"
                : $"; {help}";
            return $"{what} '{stray}'{meant}";
        }
        // A value that does not fit says more than the command that is missing behind it.
        ParseError? error = parsed.Errors.OrderBy(e => e.SymbolResult is CommandResult).FirstOrDefault();
        if (command.Subcommands.Count > 0 && error?.SymbolResult is null or CommandResult)
            return $"a command is missing: {string.Join(", ", command.Subcommands.Select(c => c.Name))}; {help}";
        return error is null ? help : $"{OneLine(error.Message)}; {help}";
    }

    // Lists of allowed values are on separate lines.
    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "sextant";

    private static IEnumerable<string> Names(CommandResult result, bool commands)
    {
        if (commands)
            return result.Command.Subcommands.Select(c => c.Name);
        IEnumerable<string> own = result.Command.Options.SelectMany(o => o.Aliases.Append(o.Name));
        return result.Parent is CommandResult parent ? own.Concat(Names(parent, commands: false)) : own;
    }
}
