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

    /// <summary>
    /// An option that does not exist, in the place of a text: a command that takes any number of texts would take its name for one.
    /// Texts that begin with <c>--</c> come after <c>--</c>.
    /// </summary>
    /// <returns>The message, or <see langword="null"/>.</returns>
    public static string? DescribeStrayOption(ParseResult parsed, IEnumerable<string> args)
    {
        CommandResult command = parsed.CommandResult;
        HashSet<string> texts = command
            .Children.OfType<ArgumentResult>()
            .SelectMany(static argument => argument.Tokens)
            .Select(static token => token.Value)
            .ToHashSet(StringComparer.Ordinal);
        string[] names = [.. Names(command, commands: false)];
        string? stray = args.TakeWhile(static arg => arg != "--")
            .FirstOrDefault(arg => LooksLikeOption(arg) && texts.Contains(arg) && !names.Contains(arg, StringComparer.Ordinal));
        if (stray is null)
            return null;
        string name = stray.Split('=', 2)[0];
        string meant = Suggestion.Nearest(name, names) is { } near ? $"did you mean '{near}'?" : $"see '{PathOf(command)} --help'";
        return $"unknown option '{name}'; {meant} Write texts that begin with '--' after '--'";
    }

    private static bool LooksLikeOption(string arg) =>
        arg.Length > 2 && arg.StartsWith("--", StringComparison.Ordinal) && char.IsAsciiLetter(arg[2]) && !arg.Any(char.IsWhiteSpace);

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
