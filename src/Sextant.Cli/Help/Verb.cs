using System.CommandLine;

namespace Sextant.Cli.Help;

/// <summary>A command that teaches by example: what <c>--help</c> shows below its options.</summary>
/// <param name="name">The name of the command.</param>
/// <param name="description">One sentence.</param>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Command lines that work as they stand, each with what it does.</summary>
    public required IReadOnlyList<(string CommandLine, string Does)> Examples { get; init; }

    /// <summary>How long its work may take to stop after an interruption; a moment when <see langword="null"/>.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>The message after an interruption; a single word when <see langword="null"/>.</summary>
    public string? AfterInterrupt { get; init; }

    /// <summary>Whether Ctrl-C is the usual way to end it, and no failure.</summary>
    public bool EndsByInterrupt { get; init; }
}
